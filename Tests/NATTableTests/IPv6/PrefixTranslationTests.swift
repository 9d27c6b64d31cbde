import NATTable
import SansIO
import Testing
import TransportAddress

@Suite struct PrefixTranslationTests {
  @Test("RFC 6296 §3.6: the example's address, both ways")
  func example() throws {
    let translation = try #require(
      PrefixTranslation(inside: "fd01:203:405::", outside: "2001:db8:1::", length: 48))
    #expect(translation.outside(of: "fd01:203:405:1::1234") == "2001:db8:1:d550::1234")
    #expect(translation.inside(of: "2001:db8:1:d550::1234") == "fd01:203:405:1::1234")
  }

  @Test("The sum of the words stays, and the way back leads home, for any prefixes of any length")
  func neutral() throws {
    func sum(_ address: IPv6Address) -> UInt64 {
      var sum = UInt64(0)
      for half in [address.high, address.low] {
        for shift in stride(from: UInt64(0), to: 64, by: 16) { sum += (half >> shift) & 0xFFFF }
      }
      return sum % 0xFFFF
    }
    var random = SeededGenerator(seed: 6296)
    for length in 1...64 {
      for _ in 0..<200 {
        let translation = try #require(
          PrefixTranslation(
            inside: IPv6Address(high: random.next(), low: 0),
            outside: IPv6Address(high: random.next(), low: 0), length: length))
        let free = length == 64 ? 0 : UInt64.max >> UInt64(length)
        let host = IPv6Address(
          high: translation.inside.high | (random.next() & free), low: random.next())
        guard let outside = translation.outside(of: host) else { continue }
        #expect(sum(outside) == sum(host))
        #expect(translation.inside(of: outside) == host)
      }
    }
  }

  @Test("What cannot be translated so that it comes back is refused")
  func refused() throws {
    let translation = try #require(
      PrefixTranslation(inside: "fd01:203:405::", outside: "2001:db8:1::", length: 48))
    #expect(translation.outside(of: "fd01:203:406:1::1") == nil)
    #expect(translation.outside(of: "fd01:203:405:ffff::1") == nil)
    for length in [Int.min, -1, 0, 65, 128, .max] {
      #expect(PrefixTranslation(inside: "fd00::", outside: "2001:db8::", length: length) == nil)
    }
  }
}

@Suite struct EmbeddedIPv4PrefixTests {
  /// RFC 6052 §2.4: 192.0.2.33 with each length.
  static let examples: [(prefix: IPv6Address, length: Int, address: IPv6Address)] = [
    ("2001:db8::", 32, "2001:db8:c000:221::"),
    ("2001:db8:100::", 40, "2001:db8:1c0:2:21::"),
    ("2001:db8:122::", 48, "2001:db8:122:c000:2:2100::"),
    ("2001:db8:122:300::", 56, "2001:db8:122:3c0:0:221::"),
    ("2001:db8:122:344::", 64, "2001:db8:122:344:c0:2:2100::"),
    ("2001:db8:122:344::", 96, "2001:db8:122:344::192.0.2.33"),
    ("64:ff9b::", 96, "64:ff9b::192.0.2.33"),
  ]

  @Test("RFC 6052 §2.4: the table's addresses, both ways", arguments: examples)
  func table(prefix: IPv6Address, length: Int, address: IPv6Address) throws {
    let host: IPv4Address = "192.0.2.33"
    let embedding = try #require(EmbeddedIPv4Prefix(prefix, length: length))
    #expect(embedding.address(for: host) == address)
    #expect(embedding.host(in: address) == host)
  }

  @Test("Every host comes back, the suffix is ignored, other prefixes and lengths are refused")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 6052)
    for example in Self.examples {
      let embedding = try #require(EmbeddedIPv4Prefix(example.prefix, length: example.length))
      for _ in 0..<500 {
        let host = IPv4Address(rawValue: UInt32(truncatingIfNeeded: random.next()))
        let address = embedding.address(for: host)
        #expect(embedding.host(in: address) == host)
        #expect(embedding.host(in: IPv6Address(high: ~address.high, low: address.low)) == nil)
        let octet = IPv6Address(high: address.high, low: address.low | 1 << 56)
        #expect(embedding.host(in: octet) == nil)
      }
    }
    #expect(EmbeddedIPv4Prefix.wellKnown.address(for: "192.0.2.33") == "64:ff9b::c000:221")
    for length in [Int.min, 0, 31, 33, 72, 128, .max] {
      #expect(EmbeddedIPv4Prefix("2001:db8::", length: length) == nil)
    }
  }
}
