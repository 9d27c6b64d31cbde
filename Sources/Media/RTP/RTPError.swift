/// Why bytes are no RTP packet, or no compound RTCP packet.
///
/// It holds numbers only, so that refusing a packet allocates nothing; `description` makes the sentence
/// when it is asked for.
public struct RTPError: Error, Hashable, Sendable {
  /// The kinds of errors.
  public enum Code: UInt8, Hashable, Sendable, CaseIterable {
    /// Fewer bytes than the 12 of RTP's header.
    case headerTruncated
    /// The first two bits are not 2.
    case wrongVersion
    /// The contributing sources reach past the end.
    case contributingSourcesTruncated
    /// The header extension reaches past the end.
    case extensionTruncated
    /// The padding is empty, or longer than what it stands behind.
    case wrongPadding
    /// Fewer bytes than the 4 of an RTCP packet's header.
    case controlHeaderTruncated
    /// An RTCP packet is longer than the bytes that are left.
    case controlTruncated
    /// The first RTCP packet is no report.
    case noReport
    /// An RTCP packet is padded that is not the last one.
    case paddedInside
    /// An RTCP packet has less in it than its count says.
    case contentTruncated
    /// A canonical name is not UTF-8, or an item of a source description has no end.
    case malformedDescription
  }

  /// What kind of error it is.
  public let code: Code
  private let offset: UInt32
  private let neededCount: UInt32
  private let foundCount: UInt32

  init(_ code: Code, at offset: Int, expected: Int = 0, found: Int = 0) {
    self.code = code
    self.offset = UInt32(clamping: offset)
    neededCount = UInt32(clamping: expected)
    foundCount = UInt32(clamping: found)
  }

  /// Counted in bytes from the packet's first.
  public var byteOffset: Int { Int(offset) }
  /// The expected value: a length or a version, depending on `code`.
  public var expected: Int { Int(neededCount) }
  /// The value found.
  public var found: Int { Int(foundCount) }

  /// The section that the bytes violate: `RFC 3550 §5.1`.
  public var section: String {
    switch code {
    case .headerTruncated, .wrongVersion, .contributingSourcesTruncated, .wrongPadding:
      "RFC 3550 §5.1"
    case .extensionTruncated: "RFC 3550 §5.3.1"
    case .controlHeaderTruncated, .controlTruncated, .contentTruncated: "RFC 3550 §6.4.1"
    case .noReport, .paddedInside: "RFC 3550 §6.1"
    case .malformedDescription: "RFC 3550 §6.5"
    }
  }
}

extension RTPError: CustomStringConvertible {
  /// One sentence: where, what was expected, what was found, and the section.
  public var description: String { "byte \(byteOffset): \(explanation) (\(section))" }

  private var explanation: String {
    switch code {
    case .headerTruncated: "an RTP packet opens with 12 bytes, but only \(found) are here"
    case .wrongVersion: "the version is \(found), but only 2 is in use"
    case .contributingSourcesTruncated:
      "the contributing sources take \(expected) bytes, but only \(found) are left"
    case .extensionTruncated:
      "the header extension takes \(expected) bytes, but only \(found) are left"
    case .wrongPadding:
      "the last byte says that \(found) bytes are padding, but it may be 1 to \(expected)"
    case .controlHeaderTruncated:
      "an RTCP packet opens with 4 bytes, but only \(found) are left"
    case .controlTruncated:
      "an RTCP packet takes \(expected) bytes, but only \(found) are left"
    case .noReport: "a report comes first, of type 200 or 201, but this is \(found)"
    case .paddedInside: "only the last RTCP packet may be padded"
    case .contentTruncated:
      "the packet's count promises \(expected) bytes, but only \(found) are in it"
    case .malformedDescription: "a source description is cut short, or its name is not UTF-8"
    }
  }
}
