import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct AuthenticatorTests {
  /// A request of these attributes, or a message of another class.
  func message(
    _ messageClass: MessageClass = .request,
    _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> STUNMessage {
    try STUNMessage(
      STUNMessage.encode(
        MessageType(messageClass, .binding), transactionID: TransactionID(high: 1, low: 2), body))
  }

  func result(
    _ authenticator: Authenticator, _ message: STUNMessage,
    from source: TransportAddress = client, at now: Instant = .zero
  ) -> Authenticator.Result {
    authenticator.authenticate(message.view, from: source, at: now)
  }

  func isUser(_ name: String, _ attribute: IntegrityAttribute, _ result: Authenticator.Result)
    -> Bool
  {
    guard case .user(let user) = result else { return false }
    return user.name == name && user.protection.attribute == attribute
  }

  // MARK: - Open

  @Test("Without credentials everybody is anonymous, whatever the message has")
  func open() throws {
    #expect(result(Authenticator(), try message()) == .anonymous)
    let named = try message {
      try $0.append(username: "a")
      try $0.appendMessageIntegrity(MessageIntegrityKey(shortTermPassword: "x"))
    }
    #expect(result(Authenticator(), named) == .anonymous)
  }

  // MARK: - Short-term

  /// A message with this name and these attributes, made with this password.
  func shortTerm(
    _ username: String?, _ attributes: [IntegrityAttribute], password: String = "secret",
    _ messageClass: MessageClass = .request
  ) throws -> STUNMessage {
    let key = MessageIntegrityKey(shortTermPassword: password)
    return try message(messageClass) {
      if let username { try $0.append(username: username) }
      for attribute in attributes {
        switch attribute {
        case .sha1: try $0.appendMessageIntegrity(key)
        case .sha256: try $0.appendMessageIntegritySHA256(key)
        }
      }
    }
  }

  func authenticator(
    _ rule: Authenticator.UsernameRule = .equal(to: "a:b"),
    _ integrity: IntegrityAttributes = .both
  ) throws -> Authenticator {
    Authenticator(
      .shortTerm(try .init(username: rule, password: "secret", integrity: integrity)))
  }

  let badRequest = Authenticator.Result.rejected(.init(code: .badRequest, challenge: nil))
  let unauthenticated = Authenticator.Result.rejected(
    .init(code: .unauthenticated, challenge: nil))

  @Test("Short-term: the stronger attribute of those sent is the response's")
  func stronger() throws {
    let authenticator = try authenticator()
    #expect(isUser("a:b", .sha1, result(authenticator, try shortTerm("a:b", [.sha1]))))
    #expect(isUser("a:b", .sha256, result(authenticator, try shortTerm("a:b", [.sha256]))))
    #expect(isUser("a:b", .sha256, result(authenticator, try shortTerm("a:b", [.sha1, .sha256]))))
  }

  @Test("Short-term: without integrity, or without a name, it is a bad request (§9.1.3)")
  func incomplete() throws {
    let authenticator = try authenticator()
    #expect(result(authenticator, try shortTerm("a:b", [])) == badRequest)
    #expect(result(authenticator, try shortTerm(nil, [.sha1])) == badRequest)
  }

  @Test("Short-term: another name or another password is unauthenticated (§9.1.3)")
  func wrong() throws {
    let authenticator = try authenticator()
    for name in ["a:c", "a:", "a:bb", ""] {
      #expect(result(authenticator, try shortTerm(name, [.sha1])) == unauthenticated)
    }
    #expect(
      result(authenticator, try shortTerm("a:b", [.sha1], password: "guess")) == unauthenticated)
  }

  @Test("Short-term: one attribute that is right does not make good another that is wrong")
  func oneWrong() throws {
    let right = MessageIntegrityKey(shortTermPassword: "secret")
    let wrong = MessageIntegrityKey(shortTermPassword: "guess")
    for (first, second) in [(right, wrong), (wrong, right)] {
      let both = try message {
        try $0.append(username: "a:b")
        try $0.appendMessageIntegrity(first)
        try $0.appendMessageIntegritySHA256(second)
      }
      #expect(result(try authenticator(), both) == unauthenticated)
    }
  }

  @Test(
    "Short-term: only the attributes that count make a message authentic",
    arguments: [IntegrityAttributes.sha1, .sha256, .both], [IntegrityAttribute.sha1, .sha256])
  func accepted(integrity: IntegrityAttributes, attribute: IntegrityAttribute) throws {
    let authenticator = try authenticator(.equal(to: "a:b"), integrity)
    let isAccepted =
      switch (integrity, attribute) {
      case (.both, _), (.sha1, .sha1), (.sha256, .sha256): true
      default: false
      }
    let found = result(authenticator, try shortTerm("a:b", [attribute]))
    #expect(isUser("a:b", attribute, found) == isAccepted)
    if !isAccepted { #expect(found == unauthenticated) }
  }

  @Test("Short-term: an ICE check is taken by the user fragment that its name begins with")
  func prefix() throws {
    let authenticator = try authenticator(.beginning(with: "own:"), .sha1)
    for name in ["own:peer", "own:", "own:x:y"] {
      #expect(isUser(name, .sha1, result(authenticator, try shortTerm(name, [.sha1]))))
    }
    for name in ["own", "owner:peer", "peer:own:", ""] {
      #expect(result(authenticator, try shortTerm(name, [.sha1])) == unauthenticated)
    }
  }

  @Test("What is no request is dropped where a request would be rejected")
  func indication() throws {
    let authenticator = try authenticator()
    #expect(result(authenticator, try shortTerm("a:b", [], .indication)) == .drop)
    #expect(
      result(authenticator, try shortTerm("a:b", [.sha1], password: "guess", .indication)) == .drop)
    #expect(isUser("a:b", .sha1, result(authenticator, try shortTerm("a:b", [.sha1], .indication))))
  }

  // MARK: - Long-term

  func realm(
    _ algorithms: [PasswordAlgorithm] = [.sha256, .md5], passwords: [String: String] = ["u": "p"],
    secret: [UInt8] = secret
  ) throws -> Authenticator {
    Authenticator(
      .longTerm(
        try .init(
          realm: "example.org", passwords: passwords, secret: secret, algorithms: algorithms)))
  }

  /// The challenge in a rejection with this code.
  func challenge(_ code: ErrorCode, _ result: Authenticator.Result) throws
    -> Authenticator.Challenge
  {
    guard case .rejected(let rejection) = result, rejection.code == code,
      let challenge = rejection.challenge
    else { throw Failure(result) }
    return challenge
  }

  /// The parts of a long-term request, right unless they are changed.
  struct Request {
    var username: String? = "u"
    var userhash: [UInt8]?
    var realm: String? = "example.org"
    var nonce: String?
    var offered: [PasswordAlgorithm]? = [.sha256, .md5]
    var chosen: PasswordAlgorithm? = .sha256
    var password = "p"
    var keyName = "u"
    var attribute = IntegrityAttribute.sha256

    func message(_ tests: AuthenticatorTests) throws -> STUNMessage {
      let key = try #require(
        MessageIntegrityKey(
          username: keyName, realm: "example.org", password: password, algorithm: chosen ?? .md5))
      return try tests.message {
        if let username { try $0.append(username: username) }
        if let userhash { try $0.append(userhash: userhash) }
        if let realm { try $0.append(realm: realm) }
        if let nonce { try $0.append(nonce: nonce) }
        if let offered { try $0.append(passwordAlgorithms: offered) }
        if let chosen { try $0.append(passwordAlgorithm: chosen) }
        switch attribute {
        case .sha1: try $0.appendMessageIntegrity(key)
        case .sha256: try $0.appendMessageIntegritySHA256(key)
        }
      }
    }
  }

  /// A right request with a nonce of the authenticator's.
  func request(for authenticator: Authenticator) throws -> Request {
    let challenge = try challenge(.unauthenticated, result(authenticator, try message()))
    return Request(nonce: challenge.nonce)
  }

  @Test("Long-term: a bare request gets realm, nonce and algorithms, and stores nothing")
  func bare() throws {
    let found = try challenge(.unauthenticated, result(try realm(), try message()))
    #expect(found.realm == "example.org")
    #expect(found.algorithms == [.sha256, .md5])
    #expect(
      NonceCookie.features(of: found.nonce.utf8) == [.passwordAlgorithms, .usernameAnonymity])
    let old = try challenge(.unauthenticated, result(try realm([]), try message()))
    #expect(old.algorithms.isEmpty && NonceCookie.features(of: old.nonce.utf8) == nil)
  }

  @Test("Long-term: the user is known by USERNAME and by USERHASH")
  func names() throws {
    let authenticator = try realm()
    var request = try request(for: authenticator)
    #expect(isUser("u", .sha256, result(authenticator, try request.message(self))))
    request.username = nil
    request.userhash = STUNDigest.userhash(username: "u", realm: "example.org")
    #expect(isUser("u", .sha256, result(authenticator, try request.message(self))))
  }

  @Test("Long-term: a client of the old kind is answered in the old way")
  func oldClient() throws {
    let authenticator = try realm()
    var request = try request(for: authenticator)
    (request.offered, request.chosen, request.attribute) = (nil, nil, .sha1)
    #expect(isUser("u", .sha1, result(authenticator, try request.message(self))))
  }

  @Test("Long-term: a request that lacks a part is a bad request (§9.2.4)", arguments: 0..<3)
  func missing(part: Int) throws {
    let authenticator = try realm()
    var request = try request(for: authenticator)
    switch part {
    case 0: request.username = nil
    case 1: request.realm = nil
    default: request.nonce = nil
    }
    #expect(result(authenticator, try request.message(self)) == badRequest)
  }

  @Test("Long-term: a list or a choice that somebody has changed is a bad request (§9.2.4)")
  func meddled() throws {
    let authenticator = try realm()
    let right = try request(for: authenticator)
    var lists: [Request] = []
    for offered in [[PasswordAlgorithm.md5], [.md5, .sha256], [.sha256, .md5, .md5], nil] {
      var request = right
      request.offered = offered
      lists.append(request)
    }
    var withoutChoice = right
    withoutChoice.chosen = nil
    for request in lists + [withoutChoice] {
      #expect(result(authenticator, try request.message(self)) == badRequest)
    }
    let narrow = try realm([.sha256])
    var notOffered = try self.request(for: narrow)
    (notOffered.offered, notOffered.chosen) = ([.sha256], .md5)
    #expect(result(narrow, try notOffered.message(self)) == badRequest)
  }

  @Test("Long-term: an unknown user, another realm and a wrong password are all 401")
  func unknown() throws {
    let authenticator = try realm()
    let right = try request(for: authenticator)
    var user = right
    user.username = "v"
    var hash = right
    hash.username = nil
    hash.userhash = STUNDigest.userhash(username: "v", realm: "example.org")
    var realm = right
    realm.realm = "example.net"
    var password = right
    password.password = "guess"
    for request in [user, hash, realm, password] {
      _ = try challenge(.unauthenticated, result(authenticator, try request.message(self)))
    }
  }

  @Test("Long-term: one user's key is no other's")
  func keys() throws {
    let authenticator = try realm(passwords: ["u": "p", "v": "q"])
    var request = try request(for: authenticator)
    #expect(isUser("u", .sha256, result(authenticator, try request.message(self))))
    (request.username, request.keyName, request.password) = ("v", "v", "q")
    #expect(isUser("v", .sha256, result(authenticator, try request.message(self))))
    (request.keyName, request.password) = ("u", "p")
    _ = try challenge(.unauthenticated, result(authenticator, try request.message(self)))
  }

  @Test("A nonce is good for its lifetime, for its client, and not before it was made")
  func nonceTime() throws {
    let authenticator = try realm()
    let at = Instant.seconds(1000)
    let nonce = try challenge(
      .unauthenticated, result(authenticator, try message(), at: at)
    ).nonce
    let request = try Request(nonce: nonce).message(self)
    #expect(isUser("u", .sha256, result(authenticator, request, at: at)))
    #expect(isUser("u", .sha256, result(authenticator, request, at: .seconds(1600))))
    for (source, time) in [
      (client, Instant.seconds(1601)), (client, .seconds(999)), ("10.0.0.2:5001", at),
      ("10.0.0.3:5000", at), ("[2001:db8::1]:5000", at),
    ] as [(TransportAddress, Instant)] {
      let stale = try challenge(
        .staleNonce, result(authenticator, request, from: source, at: time))
      // The fresh one that comes with it is good at once.
      let again = try Request(nonce: stale.nonce).message(self)
      #expect(isUser("u", .sha256, result(authenticator, again, from: source, at: time)))
    }
  }

  @Test("A nonce with any one of its characters changed is stale")
  func changedNonce() throws {
    let authenticator = try realm()
    let nonce = Array(try #require(try request(for: authenticator).nonce).utf8)
    #expect(nonce.count == 53)
    // The cookie decides which algorithms are meant; what follows it is the server's own.
    for index in NonceCookie.byteCount..<nonce.count {
      var changed = nonce
      changed[index] = changed[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      let request = Request(nonce: String(decoding: changed, as: UTF8.self))
      _ = try challenge(.staleNonce, result(authenticator, try request.message(self)))
    }
    for text in [nonce.dropLast(), nonce + [UInt8(ascii: "0")]] {
      let request = Request(nonce: String(decoding: text, as: UTF8.self))
      _ = try challenge(.staleNonce, result(authenticator, try request.message(self)))
    }
  }

  @Test("A nonce of a server with another secret is stale")
  func otherSecret() throws {
    let theirs = try request(for: try realm(secret: Array(2...17)))
    _ = try challenge(.staleNonce, result(try realm(), try theirs.message(self)))
  }

  @Test("A wrong password is told before a stale nonce is")
  func wrongPasswordAndStaleNonce() throws {
    let nonce = try request(for: try realm(secret: Array(2...17))).nonce
    let wrong = Request(nonce: nonce, password: "guess")
    _ = try challenge(.unauthenticated, result(try realm(), try wrong.message(self)))
  }

  // MARK: - Misuse

  @Test("Settings that cannot work are thrown back")
  func misuse() {
    #expect(throws: STUNConfigurationError.secretTooShort(byteCount: 15)) {
      try realm(secret: Array(1...15))
    }
    let unknown = PasswordAlgorithm(rawValue: 7)
    #expect(throws: STUNConfigurationError.unsupportedAlgorithm(unknown)) {
      try realm([.sha256, unknown])
    }
  }

  @Test("Texts that OpaqueString does not take are thrown back")
  func unprepared() throws {
    let control = STUNConfigurationError.cannotPrepare(try refusal(of: "\u{7}"))
    #expect(throws: STUNConfigurationError.cannotPrepare(try refusal(of: "u\u{7}"))) {
      try realm(passwords: ["u\u{7}": "p"])
    }
    #expect(throws: control) { try realm(passwords: ["u": "\u{7}"]) }
    #expect(throws: STUNConfigurationError.cannotPrepare(try refusal(of: ""))) {
      try realm(passwords: ["u": ""])
    }
    #expect(throws: control) {
      try Authenticator.LongTerm(realm: "\u{7}", passwords: [:], secret: secret)
    }
    #expect(throws: control) {
      try Authenticator.ShortTerm(username: .equal(to: "a:b"), password: "\u{7}")
    }
  }
}
