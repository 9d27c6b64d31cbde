public import ByteOrder

/// A STUN message read where its bytes lie: nothing is copied, nothing allocated (RFC 8489 §5, §14).
///
/// The initializer checks the header, the magic cookie, the length, and that every attribute ends
/// inside the message. A value is checked when it is asked for.
public struct STUNMessageView: ~Escapable {
  /// The whole message, header included.
  public let bytes: RawSpan
  @usableFromInline let layout: AttributeLayout

  /// Reads a message that fills the bytes exactly, as it does in a UDP datagram.
  ///
  /// - Throws: the first error in header or attribute lengths. Unknown methods, unknown attributes and
  ///   malformed values are not errors here.
  /// - Complexity: O(*n*) in the number of attributes.
  @inlinable
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) throws(STUNDecodingError) {
    guard Self.hasSoundHeader(bytes) else { throw Self.headerError(bytes) }
    layout = try AttributeLayout(checking: bytes)
    self.bytes = bytes
  }

  /// For bytes that have been checked before; `layout` must be theirs.
  @_lifetime(copy bytes)
  init(checked bytes: RawSpan, layout: AttributeLayout) {
    self.bytes = bytes
    self.layout = layout
  }

  /// The message's class and method.
  @inlinable
  public var type: MessageType { MessageType(rawValue: bytes.bigEndian16(at: 0)) }

  /// The ID that a response shares with its request.
  @inlinable
  public var transactionID: TransactionID {
    TransactionID(high: bytes.bigEndian32(atProven: 8), low: bytes.bigEndian64(atProven: 12))
  }

  /// Whether the header is valid, tested on its first eight bytes at once.
  @inlinable
  static func hasSoundHeader(_ bytes: RawSpan) -> Bool {
    let count = bytes.byteCount
    guard count >= STUNHeader.byteCount else { return false }
    let typeLengthCookie = bytes.bigEndian64(atProven: 0)
    return typeLengthCookie >> 62 == 0
      && UInt32(truncatingIfNeeded: typeLengthCookie) == STUNHeader.magicCookie
      && Int(typeLengthCookie >> 32 & 0xFFFF) == count - STUNHeader.byteCount
      && count & 3 == 0
  }

  /// The first error in a header that is not valid.
  @usableFromInline
  static func headerError(_ bytes: RawSpan) -> STUNDecodingError {
    let count = bytes.byteCount
    // What little has come may already be enough to see that it is something else.
    if count > 0, bytes.byte(at: 0) > 0b0011_1111 {
      return STUNDecodingError(.notSTUN, at: 0, expected: 0, found: Int(bytes.byte(at: 0)))
    }
    guard count >= STUNHeader.byteCount else {
      return STUNDecodingError(
        .headerTruncated, at: count, expected: STUNHeader.byteCount, found: count)
    }
    let cookie = bytes.bigEndian32(at: 4)
    guard cookie == STUNHeader.magicCookie else {
      return STUNDecodingError(
        .wrongMagicCookie, at: 4, expected: Int(STUNHeader.magicCookie), found: Int(cookie))
    }
    let length = Int(bytes.bigEndian16(at: 2))
    let following = count - STUNHeader.byteCount
    guard length % 4 == 0 else {
      return STUNDecodingError(.lengthNotMultipleOfFour, at: 2, expected: 4, found: length)
    }
    return STUNDecodingError(
      length > following ? .messageTruncated : .trailingBytes, at: 2, expected: length,
      found: following)
  }
}
