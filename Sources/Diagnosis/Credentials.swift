/// Who a server is asked as.
public struct ProbeCredentials: Hashable, Sendable {
  /// USERNAME.
  public var username: String
  /// The password.
  public var password: String
  /// Whether there are none, and these are only tried.
  public var isAnonymous: Bool

  /// A user with a password.
  public init(username: String, password: String) {
    (self.username, self.password, isAnonymous) = (username, password, false)
  }

  /// Reads `alice:password`, or `1700003600:alice:password` where the name has a time.
  ///
  /// - Returns: nil where there is no password.
  public init?(parsing text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isTimed = parts.count > 2 && parts[0].count == 10 && parts[0].allSatisfy(\.isNumber)
    let nameCount = isTimed ? 2 : 1
    guard parts.count > nameCount, !parts[0].isEmpty else { return nil }
    self.init(
      username: parts[..<nameCount].joined(separator: ":"),
      password: parts[nameCount...].joined(separator: ":"))
  }

  /// No credentials: for servers that ask for none.
  public static var anonymous: ProbeCredentials {
    var credentials = ProbeCredentials(username: "anonymous", password: "anonymous")
    credentials.isAnonymous = true
    return credentials
  }

  /// The time until which a name such as `1700003600:alice` is valid, in seconds since 1970; nil
  /// for a name without a time.
  var validUntil: Int64? {
    let digits = username.prefix { $0 != ":" }
    // A time of this century has ten digits; a telephone number has no colon after them.
    guard digits.count == 10, digits.count == username.count || username.contains(":") else {
      return nil
    }
    return Int64(digits)
  }
}
