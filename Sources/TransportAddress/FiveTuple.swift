/// The 5-tuple of a flow: both transport addresses and the protocol between them (RFC 8656 §2).
///
/// At each end of the flow, that end's own transport address is the local one.
public struct FiveTuple: Hashable, Sendable {
  /// The transport protocol.
  public var `protocol`: TransportProtocol
  /// The transport address at this end.
  public var local: TransportAddress
  /// The transport address at the other end.
  public var remote: TransportAddress

  /// Creates the 5-tuple of a flow between two transport addresses.
  public init(
    _ protocol: TransportProtocol, local: TransportAddress, remote: TransportAddress
  ) {
    self.protocol = `protocol`
    self.local = local
    self.remote = remote
  }

  /// The same flow as seen from the other end.
  public var reversed: FiveTuple { FiveTuple(`protocol`, local: remote, remote: local) }
}

extension FiveTuple: CustomStringConvertible {
  /// `UDP 10.0.0.2:5000 ↔ 198.51.100.1:3478`, this end first.
  public var description: String { "\(`protocol`) \(local) ↔ \(remote)" }
}
