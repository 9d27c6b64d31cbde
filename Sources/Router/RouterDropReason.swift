public import IPPacket
public import NATTable

/// Why a router with a NAT drops a packet; each prints as a sentence with its section.
public enum RouterDropReason: Hashable, Sendable {
  /// The table dropped it.
  case table(NATTable.DropReason)
  /// The bytes are no packet that can be translated.
  case malformed(PacketError.Reason)
  /// Its time to live, or hop limit, is used up.
  case timeExceeded
  /// It does not fit the next link, and must not be fragmented.
  case tooLarge
  /// Its destination is on the inside, where it comes from.
  case staysInside
  /// Its source or destination is no address that a router forwards.
  case martian(Martian)
  /// It is for the router itself, which answers echo requests only.
  case forTheRouter
  /// The kernel would not take it: the device is down, say.
  case deviceRefused
}

extension RouterDropReason: CustomStringConvertible {
  /// The reason as a sentence with its section.
  public var description: String {
    switch self {
    case .table(let reason): reason.description
    case .malformed(let reason): reason.description
    case .timeExceeded: "the time to live is used up (RFC 1812 §5.3.1)"
    case .tooLarge: "larger than the next link takes, and not to be fragmented (RFC 4787 §10)"
    case .staysInside: "the destination is on the inside network, where it comes from"
    case .martian(let martian): martian.description
    case .forTheRouter: "it is for the router itself, which has no such service"
    case .deviceRefused: "the device would not take it"
    }
  }
}
