/// Why bytes are not a STUN message, or an attribute's value is malformed.
///
/// It holds numbers only, so that refusing a packet allocates nothing; `description` makes the
/// sentence when it is asked for.
public struct STUNDecodingError: Error, Hashable, Sendable {
  /// The kinds of errors.
  public enum Code: UInt8, Hashable, Sendable {
    /// Fewer bytes than the 20 of a header.
    case headerTruncated
    /// The first two bits are not zero: this is some other protocol.
    case notSTUN
    /// The four bytes after the length are not 0x2112A442.
    case wrongMagicCookie
    /// The header's length is not a multiple of four.
    case lengthNotMultipleOfFour
    /// The header's length is more than the bytes that follow it.
    case messageTruncated
    /// The header's length is less than the bytes that follow it.
    case trailingBytes
    /// An attribute's value, with its padding, reaches past the message's end.
    case attributeTruncated
    /// The value's length is not one that this type can have.
    case wrongValueLength
    /// The value is longer than this type may have.
    case valueTooLong
    /// The address family is neither IPv4 (1) nor IPv6 (2).
    case unknownAddressFamily
    /// The error code's class is not 3 to 6, or its number is above 99.
    case errorCodeOutOfRange
    /// The text is not UTF-8.
    case notUTF8
    /// The parts of the value do not add up to its length.
    case malformedValue
    /// The first byte belongs to neither STUN nor ChannelData, the two that a TURN stream carries.
    case notAFrame
    /// Fewer bytes than the 4 of a ChannelData header.
    case channelHeaderTruncated
    /// ChannelData begins with a number that is not 0x4000 to 0x4FFF.
    case channelNumberOutOfRange
    /// ChannelData's length is more than the bytes that follow its header.
    case channelDataTruncated
    /// A frame of a stream is longer than its receiver takes.
    case frameTooLong
  }

  /// What kind of error it is.
  public let code: Code
  /// The attribute it is in, or nil when it is in the header.
  public let attribute: AttributeType?
  private let offset: UInt32
  private let expectedValue: UInt32
  private let foundValue: UInt32

  @usableFromInline
  init(
    _ code: Code, at offset: Int, in attribute: AttributeType? = nil, expected: Int, found: Int
  ) {
    self.code = code
    self.attribute = attribute
    self.offset = UInt32(clamping: offset)
    expectedValue = UInt32(clamping: expected)
    foundValue = UInt32(clamping: found)
  }

  /// Counted in bytes from the message's first.
  public var byteOffset: Int { Int(offset) }
  /// The expected value: a length, a cookie or an upper bound, depending on `code`.
  public var expected: Int { Int(expectedValue) }
  /// The value found.
  public var found: Int { Int(foundValue) }

  /// The RFC's name of the field in error: `Message Length`, `XOR-MAPPED-ADDRESS`.
  public var field: String {
    switch code {
    case .headerTruncated: "STUN header"
    case .notSTUN: "first two bits"
    case .wrongMagicCookie: "Magic Cookie"
    case .lengthNotMultipleOfFour, .messageTruncated, .trailingBytes: "Message Length"
    case .attributeTruncated, .wrongValueLength, .valueTooLong, .unknownAddressFamily,
      .errorCodeOutOfRange, .notUTF8, .malformedValue:
      attribute?.description ?? "attribute"
    case .notAFrame: "first byte"
    case .channelHeaderTruncated: "ChannelData header"
    case .channelNumberOutOfRange: "Channel Number"
    case .channelDataTruncated, .frameTooLong: "Length"
    }
  }

  /// The section that the bytes violate: `RFC 8489 §5`.
  public var section: String {
    switch code {
    case .headerTruncated, .notSTUN, .wrongMagicCookie, .lengthNotMultipleOfFour,
      .messageTruncated, .trailingBytes:
      "RFC 8489 §5"
    case .attributeTruncated: "RFC 8489 §14"
    case .wrongValueLength, .valueTooLong, .unknownAddressFamily, .errorCodeOutOfRange, .notUTF8,
      .malformedValue:
      attribute?.section ?? "RFC 8489 §14"
    case .notAFrame, .frameTooLong: "RFC 8656 §12.5"
    case .channelHeaderTruncated, .channelDataTruncated: "RFC 8656 §12.4"
    case .channelNumberOutOfRange: "RFC 8656 §12"
    }
  }
}

extension STUNDecodingError: CustomStringConvertible {
  /// One or two sentences: where, what was expected, what was found, and the section.
  public var description: String { "byte \(byteOffset): \(explanation) (\(section))" }

  /// The sentences without their place.
  var explanation: String {
    switch code {
    case .headerTruncated:
      "a STUN message opens with a header of 20 bytes, but only \(found) are here"
    case .notSTUN:
      "the first byte is \(Hexadecimal.number(UInt64(found), digits: 2)); in STUN its two highest bits "
        + "are zero"
    case .wrongMagicCookie:
      "the magic cookie should be 0x2112A442, but \(Hexadecimal.number(UInt64(found), digits: 8)) stands "
        + "there"
    case .lengthNotMultipleOfFour:
      "the header's length is \(found), but attributes are padded, so it is a multiple of 4"
    case .messageTruncated:
      "the header promises \(expected) bytes after it, but only \(found) have come: the message "
        + "is cut short"
    case .trailingBytes:
      "the header promises \(expected) bytes after it, but \(found) have come: some do not "
        + "belong to the message"
    case .attributeTruncated:
      "\(field) says that its value has \(expected) bytes, but only \(found) are left in the "
        + "message"
    case .wrongValueLength:
      "\(field) has a value of \(found) bytes where \(lengthRule) belong"
    case .valueTooLong:
      "\(field) has a value of \(found) bytes, but at most \(expected) are allowed"
    case .unknownAddressFamily:
      "\(field) is of address family \(found); only 1 (IPv4) and 2 (IPv6) exist"
    case .errorCodeOutOfRange:
      "\(field) holds class \(found / 256) and number \(found % 256); the class is 3 to 6, the "
        + "number 0 to 99"
    case .notUTF8:
      "the text of \(field) is not UTF-8"
    case .malformedValue:
      "a part of \(field) says that it has \(expected) bytes, but only \(found) are left in the value"
    case .notAFrame:
      "the first byte is \(Hexadecimal.number(UInt64(found), digits: 2)); a STUN message opens with 0x00 to "
        + "0x3F, ChannelData with 0x40 to 0x4F"
    case .channelHeaderTruncated:
      "ChannelData opens with a header of 4 bytes, but only \(found) are here"
    case .channelNumberOutOfRange:
      "the channel number is \(Hexadecimal.number(UInt64(found), digits: 4)); 0x4000 to 0x4FFF exist"
    case .channelDataTruncated:
      "ChannelData promises \(expected) bytes of data, but only \(found) have come"
    case .frameTooLong:
      "a frame of \(found) bytes begins here, but at most \(expected) are taken"
    }
  }

  private var lengthRule: String {
    switch attribute {
    case .unknownAttributes: "2 for each type"
    case .errorCode: "at least 4"
    case .messageIntegritySHA256: "16 to 32, in fours,"
    case .addressErrorCode: "at least 4"
    case .passwordAlgorithms, .passwordAlgorithm: "4 for each algorithm"
    default: "\(expected)"
    }
  }
}
