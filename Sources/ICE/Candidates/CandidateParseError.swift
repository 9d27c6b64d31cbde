/// The reason why a text is no candidate line, and where it stops being one.
public struct CandidateParseError: Error, Hashable, Sendable {
  /// The whole text.
  public var text: String
  /// UTF-8 bytes before the field that is wrong.
  public var offset: Int
  /// The field that is wrong.
  public var field: Field

  /// An error at a field of a text.
  public init(text: String, offset: Int, field: Field) {
    self.text = text
    self.offset = offset
    self.field = field
  }

  /// The fields of a line, in order.
  public enum Field: Hashable, Sendable, CaseIterable {
    /// `candidate:` itself.
    case prefix
    /// The foundation.
    case foundation
    /// The component ID.
    case component
    /// The transport protocol.
    case transport
    /// The priority.
    case priority
    /// The address or name.
    case address
    /// The port.
    case port
    /// The word `typ`.
    case typeMark
    /// The candidate type.
    case type
    /// The name of an extension.
    case extensionName
    /// The value of an extension.
    case extensionValue
  }
}

extension CandidateParseError: CustomStringConvertible {
  /// What was expected, where, and in which text.
  public var description: String {
    "\(field) at byte \(offset) of \"\(text.prefix(200))\" (RFC 8839 §5.1)"
  }
}

extension CandidateParseError.Field: CustomStringConvertible {
  /// What was expected there.
  public var description: String {
    switch self {
    case .prefix: "expected \"candidate:\""
    case .foundation: "expected a foundation of 1 to 32 letters, digits, + or /"
    case .component: "expected a component ID from 1 to 256"
    case .transport: "expected a transport such as UDP"
    case .priority: "expected a priority from 1 to 2147483647"
    case .address: "expected an IP address or a domain name"
    case .port: "expected a port from 0 to 65535"
    case .typeMark: "expected \"typ\""
    case .type: "expected a candidate type: host, srflx, prflx or relay"
    case .extensionName: "expected the name of an extension"
    case .extensionValue: "expected a value for the extension"
    }
  }
}
