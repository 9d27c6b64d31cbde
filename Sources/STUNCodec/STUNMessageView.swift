/// A STUN message read where it lies: nothing is copied, nothing allocated.
///
/// Making one checks everything about the frame: the header, the cookie, the length, and that every
/// attribute ends inside the message. Values are looked at when asked for. RFC 8489 §5 and §14.
public struct STUNMessageView: ~Escapable {
  /// The whole message, header included.
  public let bytes: RawSpan
  let layout: AttributeLayout

  /// Reads a message that fills the bytes exactly, as it does in a UDP datagram.
  ///
  /// - Throws: the first thing wrong with the frame. Unknown methods, unknown attributes and odd
  ///   values are not errors here.
  /// - Complexity: O(*n*) in the number of attributes.
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) throws(STUNDecodingError) {
    try Self.checkHeader(bytes)
    layout = try AttributeLayout(checking: bytes)
    self.bytes = bytes
  }

  /// For bytes that have been checked before; `layout` must be theirs.
  @_lifetime(copy bytes)
  init(checked bytes: RawSpan, layout: AttributeLayout) {
    self.bytes = bytes
    self.layout = layout
  }

  public var type: MessageType { MessageType(rawValue: bytes.bigEndian16(at: 0)) }

  public var transactionID: TransactionID {
    TransactionID(high: bytes.bigEndian32(at: 8), low: bytes.bigEndian64(at: 12))
  }

  private static func checkHeader(_ bytes: RawSpan) throws(STUNDecodingError) {
    let count = bytes.byteCount
    guard count >= STUNHeader.byteCount else {
      // What little has come may already be enough to see that it is something else.
      if count > 0, bytes.byte(at: 0) > 0b0011_1111 {
        throw STUNDecodingError(.notSTUN, at: 0, expected: 0, found: Int(bytes.byte(at: 0)))
      }
      throw STUNDecodingError(
        .headerTruncated, at: count, expected: STUNHeader.byteCount, found: count)
    }
    guard bytes.byte(at: 0) <= 0b0011_1111 else {
      throw STUNDecodingError(.notSTUN, at: 0, expected: 0, found: Int(bytes.byte(at: 0)))
    }
    let cookie = bytes.bigEndian32(at: 4)
    guard cookie == STUNHeader.magicCookie else {
      throw STUNDecodingError(
        .wrongMagicCookie, at: 4, expected: Int(STUNHeader.magicCookie), found: Int(cookie))
    }
    let length = Int(bytes.bigEndian16(at: 2))
    let following = count - STUNHeader.byteCount
    guard length % 4 == 0 else {
      throw STUNDecodingError(.lengthNotMultipleOfFour, at: 2, expected: 4, found: length)
    }
    guard length == following else {
      throw STUNDecodingError(
        length > following ? .messageTruncated : .trailingBytes, at: 2, expected: length,
        found: following)
    }
  }
}
