import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct TimedCredentialsTests {
  let sharedSecret = Array("a secret that two share".utf8)
  let epoch: Int64 = 1_700_000_000

  /// The result of a request by this user, after the challenge.
  func result(
    _ username: String, _ password: String, at now: Instant = .zero,
    _ algorithms: [PasswordAlgorithm] = [.sha256, .md5]
  ) throws -> Authenticator.Result {
    let authenticator = Authenticator(
      .longTerm(
        try .init(
          realm: "example.org", timed: .init(sharedSecret: sharedSecret, epoch: epoch),
          secret: secret, algorithms: algorithms)))
    let bare = try STUNMessage(bindingRequest())
    guard
      case .rejected(let rejection) = authenticator.authenticate(bare.view, from: client, at: now),
      let challenge = rejection.challenge
    else { throw Failure("not challenged") }
    let response = try STUNMessage(
      ResponseWriter().rejection(.init(code: .unauthenticated, challenge: challenge), of: bare.view)
    )
    var session = try LongTermSession(username: username, password: password)
    var attempt = LongTermSession.Attempt()
    guard session.challenged(by: response.view, .unauthenticated, &attempt) == .retry else {
      throw Failure("not taken up")
    }
    let request = try STUNMessage(
      STUNMessage.encode(.bindingRequest, transactionID: TransactionID(high: 1, low: 3)) {
        try session.protect(&$0)
      })
    return authenticator.authenticate(request.view, from: client, at: now)
  }

  @Test("The password is the HMAC-SHA1 of the user name in base 64, as others compute it")
  func password() throws {
    let credentials = try TimedCredentials(sharedSecret: sharedSecret, epoch: epoch)
    let username = TimedCredentials.username("alice", validUntil: 1_700_003_600)
    #expect(username == "1700003600:alice")
    // Python's hmac and base64.
    #expect(credentials.password(of: username) == "Dvr0W+bNKvONNFh8esBoAAGxpuA=")
  }

  @Test(
    "A user is who the name says until its time is over, by either algorithm",
    arguments: [[PasswordAlgorithm.sha256, .md5], [.md5], []])
  func valid(algorithms: [PasswordAlgorithm]) throws {
    let name = "1700003600:alice"
    let password = try TimedCredentials(sharedSecret: sharedSecret, epoch: epoch).password(of: name)
    guard case .user(let user) = try result(name, password, at: .seconds(3599), algorithms) else {
      throw Failure("not a user")
    }
    #expect(user.name == name)
    guard case .rejected(let late) = try result(name, password, at: .seconds(3600), algorithms)
    else { throw Failure("taken too late") }
    #expect(late.code == .unauthenticated)
  }

  @Test("A longer time of one's own, another secret or no time at all is not taken")
  func invalid() throws {
    let credentials = try TimedCredentials(sharedSecret: sharedSecret, epoch: epoch)
    let password = credentials.password(of: "1700003600:alice")
    let timeless = credentials.password(of: "alice")
    for (name, password) in [
      ("1700009999:alice", password), ("1700003600:alice", "guessed"), ("alice", timeless),
      ("9999999999999999999999:alice", timeless),
    ] {
      guard case .rejected(let rejection) = try result(name, password) else {
        throw Failure("\(name) is taken")
      }
      #expect(rejection.code == .unauthenticated)
    }
  }

  @Test("A short secret is thrown")
  func shortSecret() {
    #expect(throws: STUNConfigurationError.secretTooShort(byteCount: 5)) {
      try TimedCredentials(sharedSecret: Array("short".utf8), epoch: 0)
    }
  }
}
