import Media
import STUN
import STUNCodec
import SansIO
import Testing

/// Two streams with a wire between them that takes some time and loses what it is told to.
struct Wire {
  var alice: MediaStream
  var bob: MediaStream
  var now = Instant.zero
  var delay: Duration = .milliseconds(20)
  /// Which of alice's datagrams do not arrive, and which take how much longer.
  var lost: Set<Int> = []
  var extra: [Int: Duration] = [:]
  private(set) var sent: [[UInt8]] = []
  private var generator = SeededGenerator(seed: 1)
  private var flights: [(time: Instant, toBob: Bool, bytes: [UInt8])] = []

  init(playoutDelay: Duration = .milliseconds(60)) {
    var configuration = MediaConfiguration()
    configuration.playoutDelay = playoutDelay
    configuration.canonicalName = "alice"
    alice = MediaStream(
      configuration, from: RTPStart(source: 1, sequenceNumber: 65_530, timestamp: 0xFFFF_FF00))
    configuration.tone = Tone(660)
    bob = MediaStream(
      configuration, from: RTPStart(source: 2, sequenceNumber: 7, timestamp: 1000))
  }

  mutating func start() {
    alice.started(at: now, using: &generator)
    bob.started(at: now, using: &generator)
    drain()
  }

  mutating func run(until end: Instant) {
    while true {
      let times = flights.map(\.time) + [alice.nextDeadline, bob.nextDeadline].compactMap(\.self)
      guard let next = times.min(), next <= end else { break }
      now = next
      while let index = flights.firstIndex(where: { $0.time <= now }) {
        let flight = flights.remove(at: index)
        if flight.toBob {
          bob.received(flight.bytes.span, at: now)
        } else {
          alice.received(flight.bytes.span, at: now)
        }
      }
      if let due = alice.nextDeadline, due <= now { alice.timerFired(at: now, using: &generator) }
      if let due = bob.nextDeadline, due <= now { bob.timerFired(at: now, using: &generator) }
      drain()
    }
    now = end
    alice.played(until: now)
    bob.played(until: now)
  }

  mutating func stop() {
    alice.stopped(at: now)
    bob.stopped(at: now)
    drain()
  }

  private mutating func drain() {
    var buffer: [UInt8] = []
    while alice.nextPacket(into: &buffer) {
      let index = sent.count
      sent.append(buffer)
      guard !lost.contains(index) else { continue }
      let time = now.advanced(by: delay + extra[index, default: .zero])
      flights.append((time, true, buffer))
    }
    while bob.nextPacket(into: &buffer) { flights.append((now.advanced(by: delay), false, buffer)) }
  }
}

@Suite struct MediaStreamTests {
  private func talk(_ wire: inout Wire) {
    wire.start()
    wire.run(until: .seconds(2))
    wire.stop()
    wire.run(until: .seconds(3))
  }

  @Test("Each hears the other's tone, and both say goodbye")
  func tones() throws {
    var wire = Wire()
    talk(&wire)
    let figures = wire.bob.figures(clock: wire.alice.samplingClock)
    #expect(
      figures.description == """
        101 of 101 packets came (0.0 % lost), 0 twice, 0 out of order, 0 too late to be played
        delay 20.0 ms (20.0 to 20.0 ms), jitter 0.0 ms, round trip 40.0 ms
        heard 440.0 Hz
        """)
    #expect(wire.alice.figures().tone?.description == "660.0 Hz")
    #expect(wire.alice.hasPeerLeft && wire.bob.hasPeerLeft)
    #expect(wire.alice.drops.total == 0 && wire.bob.drops.total == 0)
    #expect(wire.bob.played.count == 101 * 160)
  }

  @Test("A packet goes every 20 ms with the next number and 160 more on its timestamp")
  func packets() throws {
    var wire = Wire()
    wire.start()
    wire.run(until: .milliseconds(200))
    let packets = try wire.sent.map { try RTPPacket($0) }
    #expect(packets.count == 11)
    for (index, packet) in packets.enumerated() {
      #expect(packet.header.sequenceNumber == 65_530 &+ UInt16(index))
      #expect(packet.header.timestamp == 0xFFFF_FF00 &+ UInt32(160 * index))
      #expect(packet.header.hasMarker == (index == 0))
      #expect(packet.payload.count == 160)
    }
  }

  @Test("What is lost, overtaken and too late is counted, and stands in the picture")
  func faults() throws {
    var wire = Wire()
    wire.lost = [10, 11]
    wire.extra = [20: .milliseconds(30), 30: .milliseconds(61)]
    talk(&wire)
    let figures = wire.bob.figures(clock: wire.alice.samplingClock)
    #expect(figures.lostCount == 2 && figures.reorderedCount == 2 && figures.lateCount == 1)
    #expect(figures.delay?.greatest == .milliseconds(81))
    #expect(figures.tone?.description == "440.0 Hz")
    let points = wire.bob.delayPlot(clock: wire.alice.samplingClock).points
    #expect(points.indices.filter { points[$0].delay == nil } == [10, 11])
    #expect(points.indices.filter { points[$0].isLate }.count == 1)
    // The other hears of it.
    #expect(wire.alice.figures().peerReport?.cumulativeLost == 2)
  }

  @Test("Without the other's clock delays count from the quickest packet's")
  func relative() {
    var wire = Wire()
    wire.extra = [5: .milliseconds(12)]
    talk(&wire)
    let delay = wire.bob.figures().delay
    #expect(delay?.isRelative == true)
    #expect(delay?.least == .zero && delay?.greatest == .milliseconds(12))
  }

  @Test("A first packet that was slow makes no other one too early or wrong")
  func slowFirst() {
    var wire = Wire()
    wire.extra = [0: .milliseconds(50)]
    talk(&wire)
    let figures = wire.bob.figures(clock: wire.alice.samplingClock)
    #expect(figures.lateCount == 0 && figures.lostCount == 0)
    #expect(figures.delay?.greatest == .milliseconds(70))
    #expect(wire.bob.drops.total == 0)
  }

  @Test("The round trip leaves out how long a report lay at the other side")
  func roundTrip() throws {
    var wire = Wire()
    wire.delay = .milliseconds(123)
    talk(&wire)
    let roundTrip = try #require(wire.alice.figures().roundTrip)
    #expect(abs((roundTrip - .milliseconds(246)).wholeNanoseconds) < 50_000)
  }

  @Test("Reports are half to one and a half intervals apart, the first one earlier")
  func reports() {
    var stream = MediaStream(from: RTPStart(source: 1, sequenceNumber: 0, timestamp: 0))
    var generator = SeededGenerator(seed: 3)
    var buffer: [UInt8] = []
    var times: [Instant] = []
    stream.started(at: .zero, using: &generator)
    while let due = stream.nextDeadline, due < .seconds(100) {
      stream.timerFired(at: due, using: &generator)
      while stream.nextPacket(into: &buffer) {
        if PacketKind(buffer) == .rtcp { times.append(due) }
      }
    }
    #expect((.milliseconds(250) ... .milliseconds(750)).contains(times[0]))
    let steps = zip(times, times.dropFirst()).map { $0.duration(to: $1) }
    #expect(steps.allSatisfy { (.milliseconds(500) ... .milliseconds(1500)).contains($0) })
    #expect((80...125).contains(times.count))
    #expect(Set(steps).count > 50)
  }

  @Test("After a pause of the driver's it does not send all that it has missed, and marks the next")
  func backlog() throws {
    var stream = MediaStream(from: RTPStart(source: 1, sequenceNumber: 0, timestamp: 0))
    var generator = SeededGenerator(seed: 3)
    var buffer: [UInt8] = []
    stream.started(at: .zero, using: &generator)
    var packets: [RTPPacket] = []
    for time in [0, 490, 5000] as [Int64] {
      stream.timerFired(at: .milliseconds(time), using: &generator)
      while stream.nextPacket(into: &buffer) {
        if PacketKind(buffer) == .rtp { packets.append(try RTPPacket(buffer)) }
      }
    }
    #expect(packets.count == 26)
    #expect(packets.map(\.header.sequenceNumber) == Array(0...25))
    #expect(packets[25].header.timestamp == 5000 * 8 && packets[25].header.hasMarker)
  }

  @Test("Only RTP and RTCP are taken of all that a first byte can tell", arguments: 0...255)
  func firstByte(byte: Int) {
    var stream = MediaStream(from: RTPStart(source: 1, sequenceNumber: 0, timestamp: 0))
    var bytes = RTPHeader(sequenceNumber: 1, timestamp: 0, source: 2).packet([])
    bytes[0] = UInt8(byte)
    let kind = PacketKind(bytes)
    stream.received(bytes.span, at: .zero)
    #expect(stream.drops[.otherProtocol(kind)] == (kind == .rtp ? 0 : 1))
    #expect((kind == .rtp) == (128...191).contains(byte))
    #expect(stream.figures().receivedCount == (byte == 0x80 ? 1 : 0))
  }

  private func dropping(_ packets: [[UInt8]]) -> MediaStream {
    var stream = MediaStream(from: RTPStart(source: 1, sequenceNumber: 0, timestamp: 0))
    for packet in packets { stream.received(packet.span, at: .zero) }
    return stream
  }

  private func packet(
    _ number: UInt16, source: UInt32 = 2, type: PayloadType = .pcmu, timestamp: UInt32 = 0
  ) -> [UInt8] {
    RTPHeader(payloadType: type, sequenceNumber: number, timestamp: timestamp, source: source)
      .packet([0xFF])
  }

  @Test("What is not taken is counted with its reason")
  func drops() {
    #expect(dropping([packet(1, source: 1)]).drops == [.ownSource: 1])
    #expect(dropping([packet(1), packet(2, source: 3)]).drops == [.otherSource: 1])
    let other = PayloadType(rawValue: 96)
    #expect(dropping([packet(1, type: other)]).drops == [.payloadType(other): 1])
    #expect(dropping([packet(1), packet(9000)]).drops == [.jump: 1])
    #expect(dropping([packet(1), packet(2, timestamp: 20_000)]).drops == [.early: 1])
    #expect(dropping([Array(packet(1).prefix(11))]).drops == [.malformed(.headerTruncated): 1])
    #expect(dropping([[0x80, 200, 0, 9]]).drops == [.malformed(.controlTruncated): 1])
    let report = RTCPPacket.senderReport(
      source: 1, .init(time: NTPTime(.zero), timestamp: 0, packetCount: 0, byteCount: 0), [])
    #expect(dropping([RTCPPacket.encode([report])]).drops == [.ownSource: 1])
  }

  @Test("A source that says goodbye before it has sent anything has left, and a stranger has not")
  func goodbye() {
    let report = RTCPPacket.receiverReport(source: 2, [])
    #expect(dropping([RTCPPacket.encode([report, .goodbye([2])])]).hasPeerLeft)
    #expect(!dropping([packet(1), RTCPPacket.encode([report, .goodbye([3])])]).hasPeerLeft)
    #expect(!dropping([RTCPPacket.encode([report, .goodbye([])])]).hasPeerLeft)
  }

  @Test("Who only listens reports as a receiver, and has no deadlines")
  func listener() throws {
    var stream = dropping([packet(1)])
    #expect(stream.nextDeadline == nil)
    stream.stopped(at: .zero)
    var buffer: [UInt8] = []
    let hasPacket = stream.nextPacket(into: &buffer)
    #expect(!hasPacket)
    #expect(stream.figures().sentCount == 0)
  }

  @Test("Where a source begins anew, the picture has no losses")
  func newBeginning() {
    let stream = dropping([packet(1), packet(9000), packet(9001), packet(9003)])
    #expect(stream.figures().lostCount == 1)
    #expect(stream.delayPlot().points.map { $0.delay == nil } == [false, false, true, false])
  }

  @Test("What is kept of a long call ends at the limit")
  func recordLimit() {
    var configuration = MediaConfiguration()
    configuration.recordLimit = .milliseconds(200)
    var stream = MediaStream(
      configuration, from: RTPStart(source: 1, sequenceNumber: 0, timestamp: 0))
    let sound = [UInt8](repeating: 0x10, count: 160)
    for index in 0..<100 {
      let header = RTPHeader(
        sequenceNumber: UInt16(index), timestamp: UInt32(160 * index), source: 2)
      stream.received(header.packet(sound).span, at: .milliseconds(Int64(20 * index)))
    }
    stream.played(until: .seconds(10))
    #expect(stream.played.count == 1600)
    #expect(stream.delayPlot().points.count == 10)
    #expect(stream.figures().receivedCount == 100)
  }
}
