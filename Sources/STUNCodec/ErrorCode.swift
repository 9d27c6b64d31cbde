/// Why a request was refused: 300 to 699, an open registry.
///
/// The hundreds say what to do about it: 3 try elsewhere, 4 the request is at fault, 5 the server
/// is, 6 nobody will serve it. RFC 8489 §14.8 and §18.4.
public struct ErrorCode: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The hundreds digit, sent in three bits of its own.
  public var hundreds: UInt16 { rawValue / 100 }

  /// The other two digits, sent in a byte of their own.
  public var number: UInt16 { rawValue % 100 }

  /// Whether the code can be sent: class 3 to 6.
  public var isValid: Bool { (300...699).contains(rawValue) }

  // RFC 8489
  public static let tryAlternate = ErrorCode(rawValue: 300)
  public static let badRequest = ErrorCode(rawValue: 400)
  public static let unauthenticated = ErrorCode(rawValue: 401)
  public static let unknownAttribute = ErrorCode(rawValue: 420)
  public static let staleNonce = ErrorCode(rawValue: 438)
  public static let serverError = ErrorCode(rawValue: 500)

  // RFC 8656
  public static let forbidden = ErrorCode(rawValue: 403)
  public static let allocationMismatch = ErrorCode(rawValue: 437)
  public static let addressFamilyNotSupported = ErrorCode(rawValue: 440)
  public static let wrongCredentials = ErrorCode(rawValue: 441)
  public static let unsupportedTransportProtocol = ErrorCode(rawValue: 442)
  public static let peerAddressFamilyMismatch = ErrorCode(rawValue: 443)
  public static let allocationQuotaReached = ErrorCode(rawValue: 486)
  public static let insufficientCapacity = ErrorCode(rawValue: 508)

  // RFC 6062
  public static let connectionAlreadyExists = ErrorCode(rawValue: 446)
  public static let connectionTimeoutOrFailure = ErrorCode(rawValue: 447)

  // RFC 8016
  public static let mobilityForbidden = ErrorCode(rawValue: 405)

  // RFC 8445
  public static let roleConflict = ErrorCode(rawValue: 487)

  /// The name the RFC gives the code, or nil when it is not registered here.
  public var name: String? {
    switch self {
    case .tryAlternate: "Try Alternate"
    case .badRequest: "Bad Request"
    case .unauthenticated: "Unauthenticated"
    case .unknownAttribute: "Unknown Attribute"
    case .staleNonce: "Stale Nonce"
    case .serverError: "Server Error"
    case .forbidden: "Forbidden"
    case .allocationMismatch: "Allocation Mismatch"
    case .addressFamilyNotSupported: "Address Family not Supported"
    case .wrongCredentials: "Wrong Credentials"
    case .unsupportedTransportProtocol: "Unsupported Transport Protocol"
    case .peerAddressFamilyMismatch: "Peer Address Family Mismatch"
    case .allocationQuotaReached: "Allocation Quota Reached"
    case .insufficientCapacity: "Insufficient Capacity"
    case .connectionAlreadyExists: "Connection Already Exists"
    case .connectionTimeoutOrFailure: "Connection Timeout or Failure"
    case .mobilityForbidden: "Mobility Forbidden"
    case .roleConflict: "Role Conflict"
    default: nil
    }
  }
}

extension ErrorCode: CustomStringConvertible {
  /// `401 Unauthenticated`, or the bare number.
  public var description: String { name.map { "\(rawValue) \($0)" } ?? "\(rawValue)" }
}
