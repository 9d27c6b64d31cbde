public import TransportAddress

/// What a NAT needs to see of a packet: its protocol and its two ends. The payload stays where it is.
public struct Packet: Hashable, Sendable {
  public var `protocol`: TransportProtocol
  public var source: TransportAddress
  public var destination: TransportAddress

  /// The payload's length in bytes, for those who count traffic.
  public var payloadLength: Int

  public init(
    _ protocol: TransportProtocol = .udp, from source: TransportAddress,
    to destination: TransportAddress, payloadLength: Int = 0
  ) {
    self.protocol = `protocol`
    self.source = source
    self.destination = destination
    self.payloadLength = payloadLength
  }
}

extension Packet {
  /// The packet that the receiver sends back: the same ends, the other way round.
  public var reply: Packet {
    Packet(`protocol`, from: destination, to: source)
  }
}

extension Packet: CustomStringConvertible {
  /// `UDP 10.0.0.2:5000 → 198.51.100.1:3478`
  public var description: String {
    "\(`protocol`) \(source) → \(destination)"
  }
}
