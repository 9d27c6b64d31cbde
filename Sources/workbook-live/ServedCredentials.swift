import CommandOptions
import Glibc
import ProgramSupport
import STUN

/// Who may use the relay, and what a client is to say.
struct ServedCredentials {
  /// A name and password that may be shown.
  struct Shown {
    var username: String
    var credential: String
  }

  /// What is drawn at the start, and stays the same however often the users are read anew.
  struct Drawn {
    /// Bytes by which the server knows its own nonces.
    let nonceSecret: [UInt8]
    /// The password of the user that is made up where none is given.
    let password: String
    /// When the server's clock is at zero, by the kernel's clock and in seconds since 1970.
    let start = ContinuousClock.now
    let epoch = Int64(time(nil))

    init() {
      var generator = SystemRandomNumberGenerator()
      nonceSecret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      // 22 letters and digits: more than 128 bits.
      let digits = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")
      password = String((0..<22).map { _ in digits.randomElement(using: &generator) ?? "A" })
    }
  }

  let authenticator: Authenticator
  /// What can be shown at the start: what was made up here, or follows from a secret for a while.
  let shown: Shown?

  /// How long credentials are valid that follow from a secret.
  static var shownLifetime: Int64 { 86400 }

  /// - Parameter realm: the realm that the server has had from its start.
  /// - Throws: `WorkbookError` where a file cannot be read, or a name or password cannot be used.
  init(_ arguments: ServeArguments, realm: String, _ drawn: Drawn) throws(WorkbookError) {
    let secret: String? = if let source = arguments.secret { try source.read() } else { nil }
    var passwords = try Self.passwords(arguments)
    do throws(STUNConfigurationError) {
      if let secret {
        let now = Int64(time(nil))
        let timed = try TimedCredentials(sharedSecret: Array(secret.utf8), epoch: drawn.epoch)
        let username = TimedCredentials.username(
          "workbook", validUntil: now + Self.shownLifetime)
        // Whoever reads a log must not be able to use the relay for a day.
        shown =
          isatty(STDOUT_FILENO) == 1
          ? Shown(username: username, credential: timed.password(of: username)) : nil
        authenticator = Authenticator(
          .longTerm(try .init(realm: realm, timed: timed, secret: drawn.nonceSecret)))
        return
      }
      if passwords.isEmpty {
        shown = Shown(username: "workbook", credential: drawn.password)
        passwords = ["workbook": drawn.password]
      } else {
        shown = nil
      }
      authenticator = Authenticator(
        .longTerm(try .init(realm: realm, passwords: passwords, secret: drawn.nonceSecret)))
    } catch {
      throw .usage("\(error)")
    }
  }

  /// The users of the command line and of the file.
  private static func passwords(
    _ arguments: ServeArguments
  ) throws(WorkbookError) -> [String: String] {
    var users = arguments.user
    if let path = arguments.users {
      let lines = String(decoding: try readFile(path), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
        // The line itself may hold a password.
        guard let user = ServedUser(argument: String(line)) else {
          throw .usage("--users: line \(index + 1) of \(path) is not NAME:PASSWORD")
        }
        users.append(user)
      }
    }
    var passwords: [String: String] = [:]
    for user in users where passwords.updateValue(user.password, forKey: user.name) != nil {
      throw .usage("the user \(user.name) is there twice")
    }
    return passwords
  }
}
