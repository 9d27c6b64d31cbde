import ByteOrder

/// How a long-term key is derived from user name, realm and password: an open registry
/// (RFC 8489 §18.5).
public struct PasswordAlgorithm: RawRepresentable, Hashable, Sendable {
  /// The algorithm's number.
  public let rawValue: UInt16

  /// The algorithm with this number, supported or not.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// MD5 of `username:realm:password`, the only one before RFC 8489 (RFC 8489 §18.5.1.1).
  public static let md5 = PasswordAlgorithm(rawValue: 0x0001)
  /// SHA-256 of `username:realm:password` (RFC 8489 §18.5.1.2).
  public static let sha256 = PasswordAlgorithm(rawValue: 0x0002)

  /// Whether this codec can derive a key with it.
  public var isSupported: Bool { self == .md5 || self == .sha256 }
}

extension PasswordAlgorithm: CustomStringConvertible {
  /// `MD5`, `SHA-256`, or `algorithm 0x0007`.
  public var description: String {
    switch self {
    case .md5: "MD5"
    case .sha256: "SHA-256"
    default: "algorithm " + Hexadecimal.number(UInt64(rawValue), digits: 4)
    }
  }
}

/// Iterates over the algorithms of PASSWORD-ALGORITHMS, borrowing the message's bytes
/// (RFC 8489 §14.11).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |           Algorithm           |   Algorithm Parameters Length |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |        Algorithm Parameters (variable), padded to 4 ...
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
public struct PasswordAlgorithmList: ~Escapable {
  /// The attribute's value, to be sent back exactly as it came.
  public let bytes: RawSpan
  private var offset = 0

  /// The algorithms of an attribute.
  ///
  /// - Throws: `wrongValueLength` where there is none, `malformedValue` where an entry is truncated.
  @_lifetime(copy attribute)
  init(_ attribute: borrowing AttributeView) throws(STUNDecodingError) {
    bytes = attribute.value
    let count = bytes.byteCount
    guard count >= 4 else { throw attribute.wrongLength(expected: 4) }
    var position = 0
    while position < count {
      guard count - position >= 4 else {
        throw STUNDecodingError(
          .malformedValue, at: attribute.valueOffset + position, in: attribute.type, expected: 4,
          found: count - position)
      }
      let length = Int(bytes.bigEndian16(at: position + 2))
      // Only the last entry's padding may be missing: there it is the attribute's own.
      guard length <= count - position - 4 else {
        throw STUNDecodingError(
          .malformedValue, at: attribute.valueOffset + position + 2, in: attribute.type,
          expected: length, found: count - position - 4)
      }
      position += 4 + (length + 3) & ~3
    }
  }

  /// The next algorithm, or nil after the last; its parameters are skipped, as no algorithm has any.
  public mutating func next() -> PasswordAlgorithm? {
    guard offset < bytes.byteCount else { return nil }
    let algorithm = PasswordAlgorithm(rawValue: bytes.bigEndian16(at: offset))
    offset += 4 + (Int(bytes.bigEndian16(at: offset + 2)) + 3) & ~3
    return algorithm
  }
}
