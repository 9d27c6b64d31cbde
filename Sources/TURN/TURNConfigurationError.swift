public import STUN
public import STUNCodec

/// A parameter that the caller has given and that cannot be used.
public enum TURNConfigurationError: Error, Hashable, Sendable {
  /// A block's prefix that is longer than its address, or negative.
  case prefixLengthOutOfRange(Int, bitCount: Int)
  /// No relayed address at all.
  case noRelayedAddress
  /// A relayed address of the other family.
  case wrongFamily
  /// A range of ports that begins at 0.
  case portZero
  /// A limit below 1.
  case limitOutOfRange(Int)
  /// A lifetime that is not between 1 second and 2³² − 1 seconds, or a default above the maximum.
  case lifetimeOutOfRange(Duration)
  /// A TCP allocation of a client that reaches its server by datagrams (RFC 6062 §4.1).
  case needsStream
  /// A user name or password that OpaqueString does not take.
  case cannotPrepare(OpaqueStringError)
  /// A transport whose parameters cannot be used.
  case transport(STUNConfigurationError)
}

extension TURNConfigurationError: CustomStringConvertible {
  /// The parameter, what was given and what is possible.
  public var description: String {
    switch self {
    case .prefixLengthOutOfRange(let length, let bitCount):
      "a prefix of \(length) bits cannot be used; 0 to \(bitCount) can"
    case .noRelayedAddress: "a relay needs a relayed address"
    case .wrongFamily: "the relayed address is of the other address family"
    case .portZero: "port 0 cannot be relayed from"
    case .limitOutOfRange(let limit): "the limit \(limit) is below 1"
    case .lifetimeOutOfRange(let lifetime): "the lifetime \(lifetime) cannot be used"
    case .needsStream: "a TCP allocation needs a TCP or TLS connection to the server"
    case .cannotPrepare(let error): "\(error)"
    case .transport(let error): "\(error)"
    }
  }
}
