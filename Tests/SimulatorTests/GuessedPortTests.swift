import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// The ports that the note on hole punching guesses.
@Suite struct GuessedPortTests {
  /// The chance that one of some guesses hits one of 256 open ports, each port guessed once.
  private static func chance(guesses: Int) -> Double {
    var miss = 1.0
    for guess in 0..<guesses { miss *= 1 - 256 / Double(64_512 - guess) }
    return 1 - miss
  }

  /// How many guesses find a port of a box that draws 256 at random; nil if 1024 do not.
  private static func guesses(using dice: inout SeededGenerator) -> Int? {
    var configuration = NATTable.Configuration.symmetric
    configuration.portAssignment = .random
    configuration.portParity = false
    configuration.ports = 1024...65535
    let bob: TransportAddress = "198.51.100.2:5000"
    var box = NATTable(configuration, external: ["198.51.100.1"], using: &dice)
    for port in 5000..<5256 as Range<UInt16> {
      let call = Packet(from: TransportAddress("10.0.0.2", port: port), to: bob)
      _ = box.outbound(call, at: .zero)
    }
    return (1...1024).first { number in
      let port = UInt16(1023 + number)
      let guess = Packet(from: bob, to: TransportAddress("198.51.100.1", port: port))
      return box.inbound(guess, at: .zero).packet != nil
    }
  }

  @Test("A random port of a NAT is found as often as the birthday count says")
  func birthday() {
    var dice = SeededGenerator(seed: 7)
    let count = 150
    let found = (1...count).map { _ in Self.guesses(using: &dice) }
    for limit in [64, 175, 256, 512, 1024] {
      let hits = found.count { $0.map { $0 <= limit } ?? false }
      let chance = Self.chance(guesses: limit)
      // Four standard deviations of that many trials: by chance alone one run in 16,000 is outside.
      let slack = 4 * (Double(count) * chance * (1 - chance)).squareRoot()
      #expect(abs(Double(hits) - Double(count) * chance) <= slack, "\(limit) guesses: \(hits)")
    }
  }

  @Test("The note's figures are those of the formula: half for 175 guesses, 98 % for 1024")
  func figures() {
    let percents = [10, 175, 256, 1024].map { Int((100 * Self.chance(guesses: $0)).rounded()) }
    #expect(percents == [4, 50, 64, 98])
  }
}
