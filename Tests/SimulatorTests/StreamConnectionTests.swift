import IPPacket
import SansIO
import Testing

@testable import Simulator

/// Two ends of a connection, and a path between them that loses, doubles and reorders by a seed.
private struct Pair {
  var ends: [StreamConnection]
  var now = Instant.zero
  /// What each end's program was told.
  var events: [[StreamEvent]] = [[], []]
  /// What is on its way, the earliest first.
  var flying: [(time: Instant, to: Int, segment: TCPSegment)] = []
  var generator = SeededGenerator(seed: 1)
  var faults = false
  /// The number of the one segment that is lost; nil for none.
  var lost: Int?
  /// All segments that were sent, with the end that sent them.
  var sent: [(from: Int, segment: TCPSegment, time: Instant)] = []

  init(_ ends: [StreamConnection]) {
    self.ends = ends
  }

  /// One end opens; the other is made of the first SYN.
  static func connecting(
    segmentSize: Int = 1460, other: Int = 1460, faults: Bool = false, seed: UInt64 = 1
  ) -> Pair {
    var opener = StreamConnection(
      openingWith: SequenceNumber(0xFFFF_FF00), segmentSize: segmentSize, at: .zero)
    guard case .send(let syn) = opener.nextOutput() else { preconditionFailure("it sends a SYN") }
    let accepter = StreamConnection(
      accepting: syn, with: SequenceNumber(7000), segmentSize: other, at: .zero)
    var pair = Pair([opener, accepter])
    pair.sent.append((0, syn, .zero))
    pair.generator = SeededGenerator(seed: seed)
    pair.faults = faults
    return pair
  }

  static func opened(segmentSize: Int = 1460, other: Int = 1460) -> Pair {
    var pair = connecting(segmentSize: segmentSize, other: other)
    pair.run()
    return pair
  }

  mutating func collect() {
    for end in 0...1 {
      while let output = ends[end].nextOutput() {
        switch output {
        case .tell(let event): events[end].append(event)
        case .send(let segment):
          sent.append((end, segment, now))
          if sent.count - 1 != lost { post(segment, to: 1 - end) }
        }
      }
    }
  }

  private mutating func post(_ segment: TCPSegment, to end: Int) {
    let chance = faults ? Int.random(in: 0..<100, using: &generator) : 99
    if chance < 10 { return }
    let copies = chance < 20 ? 2 : 1
    for _ in 0..<copies {
      let delay = faults ? Int64.random(in: 10...40, using: &generator) : 10
      let time = now.advanced(by: .milliseconds(delay))
      let place = flying.firstIndex { $0.time > time } ?? flying.count
      flying.insert((time, end, segment), at: place)
    }
  }

  /// Does what is next; false if nothing is.
  mutating func step() -> Bool {
    collect()
    let deadlines = ends.compactMap(\.deadline)
    guard let time = (deadlines + flying.prefix(1).map(\.time)).min() else { return false }
    now = max(now, time)
    if let first = flying.first, first.time <= time {
      flying.removeFirst()
      ends[first.to].received(first.segment, at: now)
    } else {
      for end in 0...1 { ends[end].timerFired(at: now) }
    }
    collect()
    return true
  }

  /// Runs until nothing is on its way and no timer is set but those of TIME-WAIT.
  mutating func run(steps: Int = 10_000) {
    collect()
    var left = steps
    while left > 0, !isQuiet, step() { left -= 1 }
    collect()
  }

  private var isQuiet: Bool {
    flying.isEmpty && ends.allSatisfy { $0.deadline == nil || $0.isLingering }
      && !sent.isEmpty
  }

  func bytes(at end: Int) -> [UInt8] {
    events[end].flatMap { event -> [UInt8] in
      if case .received(let bytes) = event { bytes } else { [] }
    }
  }

  mutating func send(_ count: Int, from end: Int) -> [UInt8] {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ end) }
    ends[end].send(bytes, at: now)
    return bytes
  }
}

@Suite struct StreamConnectionTests {
  @Test("Three segments open a connection: SYN, SYN with ACK, ACK")
  func handshake() {
    let pair = Pair.opened()
    #expect(pair.sent.map(\.segment.flags) == [.syn, [.syn, .ack], .ack])
    #expect(pair.ends.map(\.state) == [.established, .established])
    #expect(pair.events == [[.opened], [.opened]])
  }

  @Test("Two that open to each other at once meet (RFC 9293 §3.5, figure 8)")
  func simultaneousOpen() {
    var pair = Pair(
      [100, 300].map {
        StreamConnection(openingWith: SequenceNumber($0), segmentSize: 1460, at: .zero)
      })
    pair.collect()
    pair.run()
    #expect(pair.ends.map(\.state) == [.established, .established])
    #expect(pair.events == [[.opened], [.opened]])
    #expect(pair.sent.map(\.segment.flags) == [.syn, .syn, [.syn, .ack], [.syn, .ack]])
    let bytes = pair.send(3000, from: 0)
    pair.run()
    #expect(pair.bytes(at: 1) == bytes)
  }

  @Test(
    "A simultaneous open also succeeds if any one of its segments is lost", arguments: 0..<4)
  func simultaneousOpenWithLoss(lost: Int) {
    var pair = Pair(
      [100, 300].map {
        StreamConnection(openingWith: SequenceNumber($0), segmentSize: 1460, at: .zero)
      })
    pair.lost = lost
    pair.collect()
    pair.run()
    #expect(pair.sent.count >= 4)
    #expect(pair.ends.map(\.state) == [.established, .established])
    #expect(pair.events == [[.opened], [.opened]])
  }

  @Test("A segment carries as much as the side takes that takes less")
  func segmentSize() {
    var pair = Pair.opened(segmentSize: 1460, other: 1000)
    #expect(pair.sent.prefix(2).map(\.segment.maximumSize) == [1460, 1000])
    let bytes = pair.send(2500, from: 0)
    pair.run()
    #expect(pair.bytes(at: 1) == bytes)
    #expect(pair.sent.map(\.segment.data.count).filter { $0 > 0 } == [1000, 1000, 500])
  }

  @Test("Without the option the other side is sent 536 bytes at most (RFC 9293 §3.7.1)")
  func defaultSegmentSize() {
    var syn = TCPSegment(.syn, sequence: SequenceNumber(1))
    syn.maximumSize = nil
    var accepter = StreamConnection(
      accepting: syn, with: SequenceNumber(7), segmentSize: 1460, at: .zero)
    var ack = TCPSegment(.ack, sequence: SequenceNumber(2))
    ack.acknowledgment = SequenceNumber(8)
    accepter.received(ack, at: .zero)
    accepter.send([UInt8](repeating: 1, count: 600), at: .zero)
    var sizes: [Int] = []
    while let output = accepter.nextOutput() {
      if case .send(let segment) = output, !segment.data.isEmpty {
        sizes.append(segment.data.count)
      }
    }
    #expect(sizes == [536, 64])
  }

  @Test("No more is on its way than the other's window takes")
  func window() {
    var pair = Pair.opened(segmentSize: 1000, other: 1000)
    let bytes = pair.send(200_000, from: 0)
    pair.collect()
    #expect(pair.flying.map(\.segment.data.count).reduce(0, +) == 65_535)
    pair.run()
    #expect(pair.bytes(at: 1) == bytes)
  }

  @Test(
    "Without an answer a SYN is sent again after 1, 2, 4, 8, 16 and 32 seconds, and then no more")
  func backoff() {
    var opener = StreamConnection(
      openingWith: SequenceNumber(1), segmentSize: 1460, at: .zero)
    var times: [Instant] = []
    var now = Instant.zero
    while true {
      while let output = opener.nextOutput() {
        if case .send = output {
          times.append(now)
        } else {
          #expect(output == .tell(.closed(.timedOut)))
        }
      }
      guard let deadline = opener.deadline else { break }
      now = deadline
      opener.timerFired(at: now)
    }
    #expect(times == [0, 1, 3, 7, 15, 31, 63].map { Instant.seconds($0) })
    #expect(now == .seconds(127))
    #expect(opener.state == .closed)
  }

  @Test("A lost segment is sent again when three acknowledgments say the same, before its time")
  func fastRetransmit() {
    var pair = Pair.opened(segmentSize: 100, other: 100)
    let bytes = pair.send(1000, from: 0)
    pair.collect()
    let start = pair.now
    pair.flying.removeFirst()
    pair.run()
    #expect(pair.bytes(at: 1) == bytes)
    #expect(start.duration(to: pair.now) < .seconds(1))
  }

  @Test("Each side closes by itself, and the one that closed first waits for late segments")
  func closing() {
    var pair = Pair.opened()
    let first = pair.send(10, from: 0)
    pair.ends[0].close(at: pair.now)
    pair.run()
    #expect(pair.ends.map(\.state) == [.finWait2, .closeWait])
    #expect(pair.events[1] == [.opened, .received(first), .ended])
    let second = pair.send(10, from: 1)
    pair.ends[1].close(at: pair.now)
    pair.run()
    #expect(pair.ends.map(\.state) == [.timeWait, .closed])
    #expect(pair.bytes(at: 0) == second)
    #expect(pair.events[1].last == .closed(nil))
    let deadline = pair.ends[0].deadline
    #expect(deadline == pair.now.advanced(by: .milliseconds(-10)).advanced(by: .seconds(60)))
    pair.ends[0].timerFired(at: .seconds(100))
    #expect(pair.ends[0].state == .closed)
  }

  @Test("Both sides may close at once")
  func closingAtOnce() {
    var pair = Pair.opened()
    for end in 0...1 { pair.ends[end].close(at: pair.now) }
    pair.collect()
    pair.run()
    #expect(pair.ends.map(\.state) == [.timeWait, .timeWait])
  }

  @Test("In TIME-WAIT a FIN that comes again is acknowledged again")
  func lateFIN() throws {
    var pair = Pair.opened()
    pair.ends[0].close(at: pair.now)
    pair.run()
    pair.ends[1].close(at: pair.now)
    pair.run()
    let fin = try #require(pair.sent.last { $0.from == 1 && $0.segment.flags.contains(.fin) })
    pair.ends[0].received(fin.segment, at: pair.now)
    guard case .send(let again) = pair.ends[0].nextOutput() else {
      Issue.record("nothing is sent")
      return
    }
    #expect(again.flags == .ack)
    #expect(again.acknowledgment == fin.segment.sequence + 1)
    // A reset does not end the wait (RFC 1337 §3).
    pair.ends[0].received(TCPSegment(.rst, sequence: again.acknowledgment), at: pair.now)
    #expect(pair.ends[0].state == .timeWait)
  }

  @Test("A reset ends the connection; one with another number is only asked about (RFC 5961 §3.2)")
  func reset() {
    var pair = Pair.opened()
    let right = pair.sent[2].segment.sequence
    pair.ends[1].received(TCPSegment(.rst, sequence: right + 1), at: pair.now)
    #expect(pair.ends[1].state == .established)
    #expect(pair.ends[1].nextOutput().map { if case .send = $0 { true } else { false } } == true)
    pair.ends[1].received(TCPSegment(.rst, sequence: right), at: pair.now)
    #expect(pair.ends[1].state == .closed)
    #expect(pair.ends[1].nextOutput() == .tell(.closed(.reset)))
  }

  @Test("Whoever aborts sends a reset, which ends the other side")
  func abort() {
    var pair = Pair.opened()
    pair.ends[0].abort()
    pair.run()
    #expect(pair.ends.map(\.state) == [.closed, .closed])
    #expect(pair.events == [[.opened, .closed(nil)], [.opened, .closed(.reset)]])
  }

  @Test(
    "A SYN that is answered by a reset is refused; a reset that acknowledges nothing is ignored")
  func refused() {
    var opener = StreamConnection(
      openingWith: SequenceNumber(1), segmentSize: 1460, at: .zero)
    opener.received(TCPSegment(.rst, sequence: SequenceNumber(9)), at: .zero)
    #expect(opener.state == .synSent)
    var reset = TCPSegment([.rst, .ack], sequence: SequenceNumber(0))
    reset.acknowledgment = SequenceNumber(2)
    opener.received(reset, at: .zero)
    #expect(opener.state == .closed)
    _ = opener.nextOutput()
    #expect(opener.nextOutput() == .tell(.closed(.refused)))
  }

  @Test("Two hundred seeds with loss, duplication and reordering: all bytes arrive once, in order")
  func faults() {
    for seed in Seeds.below(200) {
      var pair = Pair.connecting(segmentSize: 500, other: 500, faults: true, seed: seed)
      let expected = [pair.send(4000, from: 1), pair.send(4000, from: 0)]
      var told = 0
      var left = 20_000
      while left > 0, pair.ends.contains(where: { $0.state != .closed }), pair.step() {
        left -= 1
        let count = pair.events.reduce(0) { $0 + $1.count }
        guard count > told else { continue }
        told = count
        for end in 0...1 {
          let isWhole = expected[end].starts(with: pair.bytes(at: end))
          #expect(isWhole, Seeds.replay(seed))
          if pair.events[end].contains(.opened) { pair.ends[end].close(at: pair.now) }
        }
      }
      for end in 0...1 {
        let isWhole = pair.bytes(at: end) == expected[end]
        #expect(isWhole, Seeds.replay(seed))
      }
      #expect(pair.ends.map(\.state) == [.closed, .closed], Seeds.replay(seed))
      for end in 0...1 {
        #expect(pair.events[end].count { $0 == .opened } == 1, Seeds.replay(seed))
        #expect(pair.events[end].count { $0 == .ended } == 1, Seeds.replay(seed))
      }
    }
  }
}
