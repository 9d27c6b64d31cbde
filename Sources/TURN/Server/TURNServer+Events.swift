public import STUNCodec
internal import SansIO
public import TransportAddress

/// What happens to allocations, for those who keep a log.
extension TURNServer {
  /// Something that the server's owner may want to know.
  ///
  /// Nothing that a stranger can bring about at will is among it: first requests, which have no
  /// credentials yet, are not reported.
  public enum Event: Hashable, Sendable {
    /// A client has got an allocation.
    case allocated(
      user: String, on: FiveTuple, relayed: [TransportAddress], seconds: UInt32)
    /// A client has come from another 5-tuple with its ticket (RFC 8016), and uses it.
    case moved(user: String, from: FiveTuple, to: FiveTuple)
    /// An allocation is over.
    case ended(user: String, on: FiveTuple, relayed: [TransportAddress], EndReason)
    /// A user's request was refused; `peer` is the first one that it names.
    case refused(STUNMethod, ErrorCode, user: String, on: FiveTuple, peer: TransportAddress?)
    /// A client has tried to prove that it is this user, and could not; nil where it named none.
    case notAuthentic(STUNMethod, ErrorCode, claiming: String?, on: FiveTuple)
  }

  /// Why an allocation is over.
  public enum EndReason: Hashable, Sendable {
    /// The client has given it up.
    case released
    /// The client has not refreshed it in time.
    case expired
    /// The client's connection is closed.
    case connectionClosed
  }

  /// The next event; nil when there is none until something happens, and unless ``reportsEvents``.
  public mutating func nextEvent() -> Event? { events.next() }

  mutating func report(_ event: @autoclosure () -> Event) {
    if reportsEvents { events.append(event()) }
  }
}

extension TURNServer.EndReason: CustomStringConvertible {
  /// One word, or two.
  public var description: String {
    switch self {
    case .released: "released"
    case .expired: "expired"
    case .connectionClosed: "connection closed"
    }
  }
}
