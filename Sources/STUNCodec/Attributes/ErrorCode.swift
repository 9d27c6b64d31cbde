/// Why a request was refused: 300 to 699, an open registry (RFC 8489 §14.8, §18.4).
///
/// The class, the hundreds digit, says what to do: 3 to ask another server, 4 to correct the request,
/// 5 to try again later.
public struct ErrorCode: RawRepresentable, Hashable, Sendable {
  /// The class times 100, plus the number.
  public let rawValue: UInt16

  /// The code with this number, registered and valid or not.
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

  /// 300 Try Alternate: the client should ask the server in ALTERNATE-SERVER instead
  /// (RFC 8489 §14.8).
  public static let tryAlternate = ErrorCode(rawValue: 300)

  /// 400 Bad Request: the request is malformed (RFC 8489 §14.8).
  public static let badRequest = ErrorCode(rawValue: 400)

  /// 401 Unauthenticated: the request lacks right credentials (RFC 8489 §14.8).
  public static let unauthenticated = ErrorCode(rawValue: 401)

  /// 420 Unknown Attribute: a comprehension-required attribute was not understood (RFC 8489 §14.8).
  public static let unknownAttribute = ErrorCode(rawValue: 420)

  /// 438 Stale Nonce: the nonce is no longer valid (RFC 8489 §14.8).
  public static let staleNonce = ErrorCode(rawValue: 438)

  /// 500 Server Error: the server failed for the moment (RFC 8489 §14.8).
  public static let serverError = ErrorCode(rawValue: 500)

  // RFC 8656

  /// 403 Forbidden: the server does not allow this request (RFC 8656 §19).
  public static let forbidden = ErrorCode(rawValue: 403)

  /// 437 Allocation Mismatch: the 5-tuple has an allocation, or has none (RFC 8656 §19).
  public static let allocationMismatch = ErrorCode(rawValue: 437)

  /// 440 Address Family not Supported: the server does not allocate addresses of this family
  /// (RFC 8656 §19).
  public static let addressFamilyNotSupported = ErrorCode(rawValue: 440)

  /// 441 Wrong Credentials: the allocation was made with other credentials (RFC 8656 §19).
  public static let wrongCredentials = ErrorCode(rawValue: 441)

  /// 442 Unsupported Transport Protocol: the server does not relay this transport protocol
  /// (RFC 8656 §19).
  public static let unsupportedTransportProtocol = ErrorCode(rawValue: 442)

  /// 443 Peer Address Family Mismatch: the peer's address is of another family than the relayed one
  /// (RFC 8656 §19).
  public static let peerAddressFamilyMismatch = ErrorCode(rawValue: 443)

  /// 486 Allocation Quota Reached: the user has as many allocations as allowed (RFC 8656 §19).
  public static let allocationQuotaReached = ErrorCode(rawValue: 486)

  /// 508 Insufficient Capacity: the server has no port or bandwidth left (RFC 8656 §19).
  public static let insufficientCapacity = ErrorCode(rawValue: 508)

  // RFC 6062

  /// 446 Connection Already Exists: the allocation has a TCP connection to this peer already
  /// (RFC 6062 §6.3).
  public static let connectionAlreadyExists = ErrorCode(rawValue: 446)

  /// 447 Connection Timeout or Failure: the TCP connection to the peer could not be made
  /// (RFC 6062 §6.3).
  public static let connectionTimeoutOrFailure = ErrorCode(rawValue: 447)

  // RFC 8016

  /// 405 Mobility Forbidden: the server does not allow mobility (RFC 8016 §3.4).
  public static let mobilityForbidden = ErrorCode(rawValue: 405)

  // RFC 8445

  /// 487 Role Conflict: both ICE agents have the same role (RFC 8445 §7.3.1.1).
  public static let roleConflict = ErrorCode(rawValue: 487)

  /// The reason phrase in the registry, or nil when this codec does not know the code.
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
