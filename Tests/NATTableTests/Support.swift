import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// The endpoints that the tests speak of.
let host: TransportAddress = "10.0.0.2:5000"
let neighbour: TransportAddress = "10.0.0.3:5000"
let server: TransportAddress = "198.51.100.1:3478"
let serverOtherPort: TransportAddress = "198.51.100.1:3479"
let stranger: TransportAddress = "192.0.2.9:3478"
let external: IPAddress = "203.0.113.7"

extension NATTable {
  /// Sends from the inside and says what the outside sees as the source; nil if it was dropped.
  mutating func send(
    from source: TransportAddress, to destination: TransportAddress, at now: Instant = .zero
  ) -> TransportAddress? {
    outbound(Packet(from: source, to: destination), at: now).packet?.source
  }

  /// Sends from the inside where that must succeed, and says what the outside sees as the source.
  mutating func opens(
    from source: TransportAddress, to destination: TransportAddress, at now: Instant = .zero
  ) throws -> TransportAddress {
    let outside = send(from: source, to: destination, at: now)
    return try #require(outside)
  }

  /// Sends from the outside and says which inside endpoint gets it; nil if it was dropped.
  mutating func receive(
    from source: TransportAddress, to destination: TransportAddress, at now: Instant = .zero
  ) -> TransportAddress? {
    inbound(Packet(from: source, to: destination), at: now).packet?.destination
  }
}
