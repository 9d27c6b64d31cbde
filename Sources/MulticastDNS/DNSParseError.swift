/// Why bytes are no response of DNS.
public struct DNSParseError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// The message ends within something (RFC 1035 §4.1).
    case truncated
    /// A name is too long, or has a label of an unknown kind (RFC 1035 §3.1, §4.1.4).
    case name
    /// A pointer does not lead backwards, or there are too many of them (RFC 1035 §4.1.4).
    case pointer
    /// The message is a query, or has another opcode than a query's (RFC 6762 §18.2, §18.3).
    case notAResponse
    /// The responder reports an error, which is to be ignored (RFC 6762 §18.11).
    case responseCode(UInt8)
    /// An A record has not 4 bytes, or an AAAA record not 16 (RFC 1035 §3.4.1, RFC 3596 §2.2).
    case addressLength(Int)
    /// The bitmap of an NSEC record is malformed (RFC 4034 §4.1.2).
    case typeBitmap
  }

  /// What is wrong.
  public let reason: Reason
  /// Where, in bytes from the beginning of the message.
  public let offset: Int

  init(_ reason: Reason, at offset: Int) {
    (self.reason, self.offset) = (reason, offset)
  }
}

extension DNSParseError: CustomStringConvertible {
  /// What is wrong, and where.
  public var description: String {
    let words =
      switch reason {
      case .truncated: "the message ends too early (RFC 1035 §4.1)"
      case .name: "no name (RFC 1035 §3.1)"
      case .pointer: "a name's pointer does not lead backwards (RFC 1035 §4.1.4)"
      case .notAResponse: "no response to a query (RFC 6762 §18.2)"
      case .responseCode(let code): "the responder reports error \(code) (RFC 6762 §18.11)"
      case .addressLength(let count): "\(count) bytes are no address of the record's type"
      case .typeBitmap: "no bitmap of types (RFC 4034 §4.1.2)"
      }
    return "byte \(offset): \(words)"
  }
}
