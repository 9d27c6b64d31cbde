import IPPacket
import NATTable
import SansIO
import TransportAddress

extension NATTable {
  /// Sends a TCP segment from the inside and says what the outside sees as the source.
  mutating func send(
    _ flags: TCPFlags, from source: TransportAddress, to destination: TransportAddress,
    at now: Instant = .zero
  ) -> TransportAddress? {
    outbound(.tcp(flags, from: source, to: destination), at: now).packet?.source
  }

  /// Sends a TCP segment from the outside and says which inside endpoint gets it.
  mutating func receive(
    _ flags: TCPFlags, from source: TransportAddress, to destination: TransportAddress,
    at now: Instant = .zero
  ) -> TransportAddress? {
    inbound(.tcp(flags, from: source, to: destination), at: now).packet?.destination
  }

  /// Opens a connection by the three-way handshake.
  mutating func connect(
    from source: TransportAddress, to destination: TransportAddress, at now: Instant = .zero
  ) -> TransportAddress? {
    guard let outside = send(.syn, from: source, to: destination, at: now),
      receive([.syn, .ack], from: destination, to: outside, at: now) == source,
      send(.ack, from: source, to: destination, at: now) == outside
    else { return nil }
    return outside
  }
}
