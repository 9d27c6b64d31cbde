/// A username fragment and a password: what proves that a check comes from the peer (RFC 8445 §5.3).
///
/// Both consist of ice-chars: letters, digits, `+` and `/`, 6 bits each (RFC 8839 §5.4). They are
/// new in each generation: a restart is told by them (RFC 8445 §9).
public struct ICECredentials: Hashable, Sendable {
  /// `ice-ufrag`, 4 to 256 characters.
  public let usernameFragment: String
  /// `ice-pwd`, 22 to 256 characters.
  public let password: String

  /// Credentials that were signaled, or that are prescribed.
  ///
  /// - Throws: unless both have the right length and consist of ice-chars.
  public init(usernameFragment: String, password: String) throws(ICECredentialsError) {
    guard Self.isSound(usernameFragment, ICEConstants.usernameFragmentLength) else {
      throw .usernameFragment(usernameFragment)
    }
    guard Self.isSound(password, ICEConstants.passwordLength) else {
      throw .password(characterCount: password.utf8.count)
    }
    self.usernameFragment = usernameFragment
    self.password = password
  }

  /// New credentials: 8 and 24 characters, 48 and 144 random bits.
  ///
  /// - Parameter generator: it must be unpredictable, outside of tests.
  public init(using generator: inout some RandomNumberGenerator) {
    usernameFragment = Self.text(8, using: &generator)
    password = Self.text(24, using: &generator)
  }

  /// Whether both halves differ, as those of two generations do (RFC 8445 §9).
  func differ(from other: ICECredentials) -> Bool {
    usernameFragment != other.usernameFragment && password != other.password
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func text(
    _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> String {
    let bytes = (0..<count).map { _ in alphabet[Int(generator.next() >> 58)] }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isSound(_ text: String, _ length: ClosedRange<Int>) -> Bool {
    length.contains(text.utf8.count) && text.utf8.allSatisfy(\.isICECharacter)
  }
}

/// Why a username fragment or a password cannot be used (RFC 8839 §5.4).
public enum ICECredentialsError: Error, Hashable, Sendable {
  /// The username fragment is not 4 to 256 ice-chars.
  case usernameFragment(String)
  /// The password is not 22 to 256 ice-chars; it is not repeated here.
  case password(characterCount: Int)
}

extension ICECredentialsError: CustomStringConvertible {
  /// What is wrong, and what is possible.
  public var description: String {
    switch self {
    case .usernameFragment(let text):
      "\"\(text.prefix(40))\" is no username fragment: 4 to 256 letters, digits, + or / "
        + "(RFC 8839 §5.4)"
    case .password(let count):
      "a password has 22 to 256 letters, digits, + or / (RFC 8839 §5.4); this one has \(count) bytes"
    }
  }
}

extension UInt8 {
  /// Whether the byte is an ice-char: a letter, a digit, `+` or `/` (RFC 8839 §5.1).
  var isICECharacter: Bool {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
