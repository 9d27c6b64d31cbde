import STUN
import STUNCodec
import Testing
import TransportAddress

@Suite struct SessionTests {
  let id = TransactionID(high: 1, low: 2)

  func types(_ bytes: [UInt8]) throws -> [AttributeType] {
    try STUNMessage(bytes).attributes.map(\.type)
  }

  /// A request with what the session appends.
  func protected(_ session: LongTermSession) throws -> STUNMessage {
    try STUNMessage(
      STUNMessage.encode(.bindingRequest, transactionID: id) {
        try session.protect(&$0)
      })
  }

  /// A 401 or 438 that promises these algorithms, or speaks as before RFC 8489.
  func challenge(
    _ code: ErrorCode = .unauthenticated, realm: String = "example.org", nonce: String = "1",
    algorithms: [PasswordAlgorithm]? = nil
  ) throws -> STUNMessage {
    let cookie = algorithms == nil ? "" : NonceCookie.text(promising: [.passwordAlgorithms])
    return try STUNMessage(
      STUNMessage.encode(.bindingErrorResponse, transactionID: id) {
        try $0.append(errorCode: code)
        try $0.append(realm: realm)
        try $0.append(nonce: cookie + nonce)
        if let algorithms { try $0.append(passwordAlgorithms: algorithms) }
      })
  }

  func react(
    _ session: inout LongTermSession, _ attempt: inout LongTermSession.Attempt,
    to message: STUNMessage
  ) throws -> LongTermSession.Reaction {
    let code = try #require(try message.errorCode)
    return session.challenged(by: message.view, code, &attempt)
  }

  // MARK: - Short-term

  @Test(
    "Short-term: a request has the integrity attributes that are asked for, then FINGERPRINT",
    arguments: [IntegrityAttributes.sha1, .sha256, .both], [true, false])
  func shortTerm(integrity: IntegrityAttributes, fingerprint: Bool) throws {
    let session = try ShortTermSession(
      username: "peer:own", password: "secret", integrity: integrity, fingerprint: fingerprint)
    let request = try STUNMessage(
      STUNMessage.encode(.bindingRequest, transactionID: id) {
        try $0.append(priority: 1)
        try session.protect(&$0)
      })
    let expected: [AttributeType] =
      switch integrity {
      case .sha1: [.messageIntegrity]
      case .sha256: [.messageIntegritySHA256]
      case .both: [.messageIntegrity, .messageIntegritySHA256]
      }
    #expect(
      request.attributes.map(\.type)
        == [.priority, .username] + expected + (fingerprint ? [.fingerprint] : []))
    let key = MessageIntegrityKey(shortTermPassword: "secret")
    #expect(request.verifyMessageIntegrity(with: key) != .wrong)
    #expect(request.verifyMessageIntegritySHA256(with: key) != .wrong)
    #expect(request.verifyFingerprint() == (fingerprint ? .verified : .absent))
  }

  @Test(
    "A response is taken that is protected as the request was, and none other",
    arguments: [IntegrityAttributes.sha1, .sha256, .both], ["secret", "guess"])
  func responses(integrity: IntegrityAttributes, password: String) throws {
    let session = try ShortTermSession(
      username: "peer:own", password: "secret", integrity: integrity)
    let key = MessageIntegrityKey(shortTermPassword: password)
    func isTaken(sha1: Bool, sha256: Bool) throws -> Bool {
      let message = try STUNMessage(
        STUNMessage.encode(.bindingSuccessResponse, transactionID: id) {
          if sha1 { try $0.appendMessageIntegrity(key) }
          if sha256 { try $0.appendMessageIntegritySHA256(key) }
        })
      return session.protection.isSatisfied(by: message.view)
    }
    let isRight = password == "secret"
    #expect(try !isTaken(sha1: false, sha256: false))
    #expect(try isTaken(sha1: true, sha256: false) == (isRight && integrity != .sha256))
    #expect(try isTaken(sha1: false, sha256: true) == (isRight && integrity != .sha1))
    #expect(try isTaken(sha1: true, sha256: true) == isRight)
  }

  // MARK: - Long-term

  @Test("Long-term: a first request goes out bare, and any response to it is taken")
  func unchallenged() throws {
    let session = try LongTermSession(username: "u", password: "p")
    #expect(try protected(session).attributes.isEmpty)
    #expect(session.protection == .none && session.realm == nil && session.nonce == nil)
  }

  @Test("Long-term: after a challenge of the old kind, requests have USERNAME and the MD5 key")
  func oldServer() throws {
    var session = try LongTermSession(username: "u", password: "p", fingerprint: true)
    var attempt = LongTermSession.Attempt()
    #expect(try react(&session, &attempt, to: challenge()) == .retry)
    let request = try protected(session)
    #expect(
      request.attributes.map(\.type)
        == [.username, .realm, .nonce, .messageIntegrity, .fingerprint])
    let key = MessageIntegrityKey(username: "u", realm: "example.org", password: "p")
    #expect(request.verifyMessageIntegrity(with: key) == .verified)
    #expect(session.protection == .integrity(key, .sha1))
  }

  @Test("Long-term: of the algorithms offered the first known one is taken, and the list goes back")
  func algorithms() throws {
    var session = try LongTermSession(username: "u", password: "p")
    var attempt = LongTermSession.Attempt()
    let unknown = PasswordAlgorithm(rawValue: 7)
    let offer = try challenge(algorithms: [unknown, .sha256, .md5])
    #expect(try react(&session, &attempt, to: offer) == .retry)
    let request = try protected(session)
    #expect(try request.passwordAlgorithm == .sha256)
    #expect(request.value(of: .passwordAlgorithms) == offer.value(of: .passwordAlgorithms))
    #expect(session.realm == "example.org")
  }

  @Test("Long-term: a challenge that nobody should believe, or that cannot be met, is told apart")
  func notBelieved() throws {
    let session = try LongTermSession(username: "u", password: "p")
    let attempt = LongTermSession.Attempt()
    let struck = try STUNMessage(
      STUNMessage.encode(.bindingErrorResponse, transactionID: id) {
        try $0.append(errorCode: .unauthenticated)
        try $0.append(realm: "example.org")
        try $0.append(nonce: NonceCookie.text(promising: [.passwordAlgorithms]) + "1")
      })
    let incomplete = try STUNMessage(
      STUNMessage.encode(.bindingErrorResponse, transactionID: id) {
        try $0.append(errorCode: .unauthenticated)
        try $0.append(realm: "example.org")
      })
    let unknown = try challenge(algorithms: [PasswordAlgorithm(rawValue: 7)])
    let cases: [(STUNMessage, LongTermSession.Reaction)] = [
      (struck, .drop(.bidDown)), (incomplete, .drop(.incompleteChallenge)),
      (unknown, .noKnownAlgorithm),
    ]
    for (message, reaction) in cases {
      var (session, attempt) = (session, attempt)
      #expect(try react(&session, &attempt, to: message) == reaction)
      #expect(session.nonce == nil, "nothing of it is kept")
    }
  }

  @Test("Long-term: a request's second 401 ends it; its 438s do so from the third on")
  func giveUp() throws {
    var session = try LongTermSession(username: "u", password: "p")
    var first = LongTermSession.Attempt()
    #expect(try react(&session, &first, to: challenge()) == .retry)
    #expect(try react(&session, &first, to: challenge(nonce: "2")) == .fail)
    // Another request of the same session has its own tries.
    var second = LongTermSession.Attempt()
    for nonce in ["3", "4"] {
      #expect(try react(&session, &second, to: challenge(.staleNonce, nonce: nonce)) == .retry)
      #expect(session.nonce == nonce)
    }
    #expect(try react(&session, &second, to: challenge(.staleNonce, nonce: "5")) == .fail)
    #expect(session.nonce == "4")
  }

  @Test("Long-term: a fresh nonce changes neither key nor realm; another realm changes the key")
  func keys() throws {
    var session = try LongTermSession(username: "u", password: "p")
    var attempt = LongTermSession.Attempt()
    _ = try react(&session, &attempt, to: challenge())
    let first = session.protection
    _ = try react(&session, &attempt, to: challenge(.staleNonce, nonce: "2"))
    #expect(session.protection == first && session.nonce == "2")
    _ = try react(&session, &attempt, to: challenge(.staleNonce, realm: "example.net"))
    #expect(session.protection != first && session.realm == "example.net")
  }

  @Test("Long-term: a request sent before the key changed is checked with the key it was sent with")
  func oldKey() throws {
    var session = try LongTermSession(username: "u", password: "p")
    var first = LongTermSession.Attempt()
    _ = try react(&session, &first, to: challenge())
    session.began(&first)
    var second = LongTermSession.Attempt()
    _ = try react(&session, &second, to: challenge(.staleNonce, realm: "example.net"))
    let key = MessageIntegrityKey(username: "u", realm: "example.org", password: "p")
    #expect(first.protection == .integrity(key, .sha1))
    #expect(session.protection != first.protection)
  }

  @Test("Names and passwords that cannot be prepared are thrown back")
  func misuse() throws {
    #expect(throws: try refusal(of: "")) { try LongTermSession(username: "", password: "p") }
    #expect(throws: try refusal(of: "\u{7}")) {
      try LongTermSession(username: "u", password: "\u{7}")
    }
    #expect(throws: try refusal(of: "")) { try ShortTermSession(username: "", password: "p") }
    #expect(throws: try refusal(of: "\u{7}")) {
      try ShortTermSession(username: "u", password: "\u{7}")
    }
  }
}
