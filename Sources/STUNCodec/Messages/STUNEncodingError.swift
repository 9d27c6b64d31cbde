/// Why an attribute cannot be put into a message.
public struct STUNEncodingError: Error, Hashable, Sendable {
  /// The kinds of errors.
  public enum Code: UInt8, Hashable, Sendable {
    /// The caller's buffer is shorter than the message.
    case bufferTooSmall
    /// The value is longer than its type may be.
    case valueTooLong
    /// The message would be longer than its 16-bit length can say.
    case messageTooLong
    /// The attribute follows MESSAGE-INTEGRITY or FINGERPRINT, so that the receiver would ignore it.
    case attributeAfterMessageIntegrity
    /// The error code is not 300 to 699.
    case errorCodeOutOfRange
    /// The channel number is not 0x4000 to 0x4FFF.
    case channelNumberOutOfRange
  }

  /// What kind of error it is.
  public let code: Code
  /// The attribute that was to be appended, or nil when it is the header.
  public let attribute: AttributeType?
  /// How many bytes there may be, or the earlier attribute's type for `attributeAfterMessageIntegrity`.
  public let limit: Int
  /// How many bytes there would be, the error code, or the channel number.
  public let found: Int
}

extension STUNEncodingError: CustomStringConvertible {
  /// One sentence: what does not fit, and the limit.
  public var description: String {
    let name = attribute?.description ?? "the header"
    switch code {
    case .bufferTooSmall:
      return "with \(name) the message needs \(found) bytes; the buffer has \(limit)"
    case .valueTooLong:
      let characters = limit == TextLimit.sent ? " and 127 characters" : ""
      return "\(name) would have \(found) bytes; it may have \(limit)\(characters)"
    case .messageTooLong:
      return "with \(name) the message would have \(found) bytes; it may have \(limit)"
    case .attributeAfterMessageIntegrity:
      let earlier = AttributeType(rawValue: UInt16(truncatingIfNeeded: limit))
      return "\(name) cannot follow \(earlier): the receiver would ignore it"
    case .errorCodeOutOfRange:
      return "the error code \(found) cannot be sent; 300 to 699 can (RFC 8489 §14.8)"
    case .channelNumberOutOfRange:
      return
        "\(Hexadecimal.number(UInt64(found), digits: 4)) is no channel number; 0x4000 to 0x4FFF are "
        + "(RFC 8656 §12)"
    }
  }
}
