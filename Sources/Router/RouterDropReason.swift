public import IPPacket
public import NATTable

/// Why a router with a NAT drops a packet; each prints as a sentence with its section.
public enum RouterDropReason: Hashable, Sendable {
  /// The table said so.
  case table(NATTable.DropReason)
  /// The bytes are no packet that could be translated.
  case malformed(PacketError.Reason)
  /// It may not go any further.
  case timeExceeded
  /// It does not fit the next link, and must not be cut up.
  case tooLarge
  /// Its destination is on the inside, where it comes from.
  case staysInside
  /// Its source or destination is a group, everybody, or an address that is valid on one link alone.
  case notForwarded
  /// It is for the router itself, which offers nothing but an answer to a ping.
  case forTheRouter
  /// The kernel would not take it: the device is down, say.
  case deviceRefused
}

extension RouterDropReason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .table(let reason): reason.description
    case .malformed(let reason): reason.description
    case .timeExceeded: "the time to live is used up (RFC 1812 §5.3.1)"
    case .tooLarge: "larger than the next link takes, and not to be cut up (RFC 4787 §10)"
    case .staysInside: "the destination is on the inside network, where it comes from"
    case .notForwarded: "an end is valid on one link only (RFC 1812 §5.3.7)"
    case .forTheRouter: "it is for the router itself, which has no such service"
    case .deviceRefused: "the device would not take it"
    }
  }
}
