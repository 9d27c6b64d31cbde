public import TransportAddress

/// A TURN URI: where a relay is, and how it is to be reached (RFC 7065 §3.1).
///
///     turns:relay.example.org:5349?transport=tcp
///     scheme host             port           transport
///
/// `turn` is plain, `turns` is over TLS or DTLS. There is no `//`, no path and no user name in it:
/// credentials are given apart.
public struct TURNURI: Hashable, Sendable {
  /// The relay's host.
  public enum Host: Hashable, Sendable {
    /// An address.
    case address(IPAddress)
    /// A name, which has to be resolved (RFC 5928 §3).
    case name(String)
  }

  /// The transport protocol to the relay; RFC 7065 leaves the list open.
  public struct Transport: RawRepresentable, Hashable, Sendable {
    /// The word in the URI, in lower case.
    public let rawValue: String

    /// The transport with this word.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// UDP, or DTLS with `turns`.
    public static let udp = Transport(rawValue: "udp")
    /// TCP, or TLS with `turns`.
    public static let tcp = Transport(rawValue: "tcp")
  }

  /// Why a text is no TURN URI, and where.
  public struct ParseError: Error, Hashable, Sendable {
    /// The kinds of errors.
    public enum Reason: Hashable, Sendable {
      /// It begins with neither `turn:` nor `turns:`.
      case scheme
      /// Two slashes follow the scheme, as in other URIs.
      case slashes
      /// There is no host.
      case noHost
      /// The host has a character that names do not have.
      case hostCharacter
      /// The brackets hold no IPv6 address, or are not closed.
      case literal
      /// The port is not a number from 1 to 65535.
      case port
      /// Something else than `?transport=` and a word ends it.
      case query
    }

    /// The offset of the first wrong byte, in UTF-8 bytes from the start of the text.
    public let offset: Int
    /// What is wrong there.
    public let reason: Reason
  }

  /// Whether the relay is reached over TLS or DTLS.
  public let isSecure: Bool
  /// The relay's host.
  public let host: Host
  /// The port; nil where the URI has none, and a name's service records may say (RFC 5928 §3).
  public let port: UInt16?
  /// The transport; nil where the URI leaves it open.
  public let transport: Transport?

  /// The port where neither the URI nor a service record says one: 3478, over TLS 5349
  /// (RFC 5928 §3).
  public var defaultPort: UInt16 { isSecure ? 5349 : 3478 }

  /// Parses the whole text; scheme and transport may be in capitals.
  ///
  /// - Throws: where it is no TURN URI.
  /// - Complexity: O(*n*) in the text's length.
  public init(parsing text: some StringProtocol) throws(ParseError) {
    let bytes = Array(text.utf8)
    let lowered = bytes.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    isSecure = lowered.starts(with: Array("turns:".utf8))
    guard isSecure || lowered.starts(with: Array("turn:".utf8)) else {
      throw ParseError(offset: 0, reason: .scheme)
    }
    let start = isSecure ? 6 : 5
    let question = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
    if bytes[start...].starts(with: Array("//".utf8)) {
      throw ParseError(offset: start, reason: .slashes)
    }
    let end = try Self.endOfHost(bytes, start, question)
    host = try Self.host(bytes[start..<end])
    port = try Self.port(bytes[end..<question])
    transport = try Self.transport(lowered[question...])
  }

  /// Where the host ends: at the colon before the port, or the question mark.
  private static func endOfHost(
    _ bytes: [UInt8], _ start: Int, _ question: Int
  ) throws(ParseError) -> Int {
    guard start < question, bytes[start] != UInt8(ascii: ":") else {
      throw ParseError(offset: start, reason: .noHost)
    }
    guard bytes[start] == UInt8(ascii: "[") else {
      return bytes[start..<question].firstIndex(of: UInt8(ascii: ":")) ?? question
    }
    guard let close = bytes[start..<question].firstIndex(of: UInt8(ascii: "]")) else {
      throw ParseError(offset: question, reason: .literal)
    }
    return close + 1
  }

  private static func host(_ bytes: ArraySlice<UInt8>) throws(ParseError) -> Host {
    let text = String(decoding: bytes, as: UTF8.self)
    if bytes.first == UInt8(ascii: "[") {
      guard let address = try? IPv6Address(parsing: text.dropFirst().dropLast()) else {
        throw ParseError(offset: bytes.startIndex + 1, reason: .literal)
      }
      return .address(.v6(address))
    }
    if let address = try? IPv4Address(parsing: text) { return .address(.v4(address)) }
    // Letters, digits, and what registered names have besides (RFC 3986 §3.2.2), but no escapes.
    if let wrong = bytes.firstIndex(where: { !$0.isUnreserved }) {
      throw ParseError(offset: wrong, reason: .hostCharacter)
    }
    return .name(text)
  }

  private static func port(_ bytes: ArraySlice<UInt8>) throws(ParseError) -> UInt16? {
    guard !bytes.isEmpty else { return nil }
    let digits = bytes.dropFirst()
    guard bytes.first == UInt8(ascii: ":"), digits.allSatisfy({ (48...57).contains($0) }),
      let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
    else { throw ParseError(offset: bytes.startIndex, reason: .port) }
    return port
  }

  private static func transport(_ bytes: ArraySlice<UInt8>) throws(ParseError) -> Transport? {
    guard !bytes.isEmpty else { return nil }
    let word = bytes.dropFirst("?transport=".utf8.count)
    guard bytes.starts(with: Array("?transport=".utf8)), !word.isEmpty,
      word.allSatisfy(\.isUnreserved)
    else { throw ParseError(offset: bytes.startIndex, reason: .query) }
    return Transport(rawValue: String(decoding: word, as: UTF8.self))
  }
}

extension UInt8 {
  /// Whether the byte is one of the unreserved characters (RFC 3986 §2.3).
  fileprivate var isUnreserved: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}

extension TURNURI: CustomStringConvertible {
  /// The URI as it is written: `turn:relay.example.org?transport=udp`.
  public var description: String {
    var text = isSecure ? "turns:" : "turn:"
    switch host {
    case .address(.v4(let address)): text += "\(address)"
    case .address(.v6(let address)): text += "[\(address)]"
    case .name(let name): text += name
    }
    if let port { text += ":\(port)" }
    if let transport { text += "?transport=\(transport.rawValue)" }
    return text
  }
}

extension TURNURI.ParseError: CustomStringConvertible {
  /// What is wrong, and at which byte.
  public var description: String {
    let sentence =
      switch reason {
      case .scheme: "a TURN URI begins with turn: or turns:"
      case .slashes: "no slashes follow the scheme of a TURN URI"
      case .noHost: "there is no host"
      case .hostCharacter: "a host's name does not have this character"
      case .literal: "brackets hold an IPv6 address, and are closed"
      case .port: "a port is a number from 1 to 65535"
      case .query: "only ?transport= and a word may end it"
      }
    return "\(sentence), at byte \(offset) (RFC 7065 §3.1)"
  }
}
