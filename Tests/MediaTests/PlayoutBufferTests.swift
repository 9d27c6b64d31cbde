import SansIO
import Testing

@testable import Media

@Suite struct PlayoutBufferTests {
  private static let start = Instant.seconds(1)
  private let samples = (0..<4).map { packet in
    (0..<160).map { Tone(100 + 100 * packet).sample($0 + 7) }.map { PCMU.decode(PCMU.encode($0)) }
  }

  private func buffer() -> PlayoutBuffer {
    PlayoutBuffer(delay: .milliseconds(60), recordLimit: .seconds(1))
  }

  private func put(
    _ packet: Int, into buffer: inout PlayoutBuffer, at milliseconds: Int64,
    is outcome: PlayoutBuffer.Outcome = .taken, location: SourceLocation = #_sourceLocation
  ) {
    let now = Self.start.advanced(by: .milliseconds(milliseconds))
    buffer.play(until: now)
    let place = buffer.place(of: 0xFFFF_FF00 &+ UInt32(160 * packet), at: now)
    let bytes = samples[packet].map { PCMU.encode($0) }
    let found = buffer.put(bytes.span, at: place)
    #expect(found == outcome, sourceLocation: location)
  }

  private func play(_ buffer: inout PlayoutBuffer, until milliseconds: Int64) {
    buffer.play(until: Self.start.advanced(by: .milliseconds(milliseconds)))
  }

  @Test("Packets are played in the order of sending, the playout delay after the first came")
  func order() {
    var buffer = buffer()
    for (packet, time) in [(0, 0), (2, 40), (1, 41), (1, 42), (3, 50)] as [(Int, Int64)] {
      put(packet, into: &buffer, at: time)
    }
    play(&buffer, until: 59)
    #expect(buffer.played.isEmpty)
    play(&buffer, until: 80)
    #expect(buffer.played == samples[0])
    play(&buffer, until: 10_000)
    #expect(buffer.played == samples.flatMap(\.self) && buffer.missingCount == 0)
  }

  @Test("One that comes after its time is too late, and there is silence in its place")
  func late() {
    var buffer = buffer()
    put(0, into: &buffer, at: 0)
    put(2, into: &buffer, at: 40)
    put(1, into: &buffer, at: 81, is: .late)
    play(&buffer, until: 500)
    #expect(
      buffer.played == samples[0] + [Int16](repeating: 0, count: 160) + samples[2])
    #expect(buffer.missingCount == 160)
  }

  @Test("One that was overtaken by the first is played before it")
  func beforeTheFirst() {
    var buffer = buffer()
    put(1, into: &buffer, at: 0)
    put(0, into: &buffer, at: 10)
    play(&buffer, until: 500)
    #expect(buffer.played == samples[0] + samples[1])
  }

  @Test("What is two seconds ahead is not taken, and no more is kept than the limit")
  func limits() {
    var buffer = buffer()
    put(0, into: &buffer, at: 0)
    let sound = [UInt8](repeating: 0x12, count: 160)
    let last = buffer.put(sound.span, at: 16_384 - 480 - 160)
    #expect(last == .taken)
    let beyond = buffer.put(sound.span, at: 16_384 - 480 - 159)
    #expect(beyond == .early)
    play(&buffer, until: 1_000_000)
    #expect(buffer.played.count == 8000)
  }

  @Test("A timestamp of any distance has a place, and those after it have theirs")
  func anyTimestamp() {
    var buffer = buffer()
    put(0, into: &buffer, at: 0)
    let now = Self.start
    let far = buffer.place(of: 0x7FFF_FF00, at: now)
    #expect(far == -1 << 31)
    let farther = buffer.place(of: 0xFFFF_FF00 &+ 160, at: now)
    #expect(farther == 160 - 1 << 32)
    let sound: [UInt8] = [1]
    let outcome = buffer.put(sound.span, at: far)
    #expect(outcome == .late)
  }
}
