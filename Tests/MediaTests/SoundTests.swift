import Media
import SansIO
import Testing

@Suite struct SoundTests {
  @Test("Each byte of PCMU is the byte of its own sample; the two zeros are one")
  func everyByte() {
    for byte in UInt8.min ... .max {
      #expect(PCMU.encode(PCMU.decode(byte)) == (byte == 0x7F ? 0xFF : byte))
    }
  }

  @Test(
    "Samples are bytes as G.711 has them",
    arguments: [
      (0, 0xFF), (-1, 0x7F), (32_124, 0x80), (32_767, 0x80), (-32_768, 0x00), (-32_124, 0x00),
      (1000, 0xCE), (-1000, 0x4E), (132, 0xEF),
    ] as [(Int16, UInt8)])
  func vectors(sample: Int16, byte: UInt8) {
    #expect(PCMU.encode(sample) == byte)
  }

  @Test("A sample comes back with an error of at most a thirty-second of it, and at most 4 near 0")
  func precision() {
    let wrong = (-32_124...32_124).filter { sample in
      let back = Int(PCMU.decode(PCMU.encode(Int16(sample))))
      return abs(back - sample) > max(4, (abs(sample) + 132) / 32)
    }
    #expect(wrong.isEmpty)
  }

  private func sound(of frequency: Int, seconds: Double) -> [Int16] {
    let tone = Tone(frequency)
    return (0..<Int(seconds * 8000)).map { PCMU.decode(PCMU.encode(tone.sample($0))) }
  }

  @Test("A tone begins at 0, reaches its amplitude at a quarter of its length, and repeats")
  func tone() {
    let tone = Tone(1000)
    #expect((0...4).map(tone.sample) == [0, 11_585, 16_384, 11_585, 0])
    #expect((4...8).map(tone.sample) == [0, -11_585, -16_384, -11_585, 0])
    #expect(Tone(440).sample(8000 * 100_000 + 17) == Tone(440).sample(17))
  }

  @Test(
    "The frequency is found to a tenth of a hertz",
    arguments: [50, 100, 440, 660, 1000, 3400, 3900])
  func frequency(_ frequency: Int) throws {
    let measured = try #require(ToneMeasurement(sound(of: frequency, seconds: 1)))
    #expect(abs(measured.frequency - Double(frequency)) < 0.1)
    #expect(measured.share > 0.95)
    #expect("\(measured)" == "\(frequency).0 Hz")
  }

  @Test("It is found although every fifth packet is missing; in a fifth of a second to a hertz")
  func worseSound() throws {
    var samples = sound(of: 440, seconds: 2)
    for packet in stride(from: 0, to: 100, by: 5) {
      for index in packet * 160..<(packet + 1) * 160 { samples[index] = 0 }
    }
    let measured = try #require(ToneMeasurement(samples))
    #expect(abs(measured.frequency - 440) < 0.1)
    let short = try #require(ToneMeasurement(sound(of: 660, seconds: 0.2)))
    #expect(abs(short.frequency - 660) < 1)
  }

  @Test("Silence and noise have no tone, nor have too few samples")
  func noTone() {
    #expect(ToneMeasurement([]) == nil)
    #expect(ToneMeasurement([Int16](repeating: 0, count: 8000)) == nil)
    #expect(ToneMeasurement(Array(sound(of: 440, seconds: 1).prefix(399))) == nil)
    var generator = SeededGenerator(seed: 1)
    let noise = (0..<8000).map { _ in Int16.random(in: -9999...9999, using: &generator) }
    #expect(ToneMeasurement(noise) == nil)
  }

  @Test("A WAV file has the headers of 16 bits, one channel and 8000 samples a second")
  func wav() {
    let bytes = WAV.bytes([1, -2])
    #expect(
      bytes == Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WAVEfmt ".utf8)
        + [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0]
        + Array("data".utf8) + [4, 0, 0, 0, 1, 0, 0xFE, 0xFF])
  }
}
