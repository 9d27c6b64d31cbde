import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct ResponseWriterTests {
  let key = MessageIntegrityKey(shortTermPassword: "secret")

  /// A request, with FINGERPRINT or not.
  func request(fingerprint: Bool = true, _ method: STUNMethod = .binding) throws -> STUNMessage {
    try STUNMessage(
      STUNMessage.encode(
        MessageType(.request, method), transactionID: TransactionID(high: 1, low: 2)
      ) { if fingerprint { try $0.appendFingerprint() } })
  }

  @Test(
    "A success has the body, SOFTWARE, the integrity attribute, and FINGERPRINT if the request had it",
    arguments: [IntegrityAttribute.sha1, .sha256], [true, false])
  func success(attribute: IntegrityAttribute, fingerprint: Bool) throws {
    let writer = try ResponseWriter(software: "pathfinder")
    let request = try request(fingerprint: fingerprint, .allocate)
    let bytes = try writer.success(
      to: request.view, protectedBy: ResponseProtection(key: key, attribute: attribute)
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(xorMappedAddress: client)
    }
    let response = try STUNMessage(bytes)
    #expect(response.type == MessageType(.successResponse, .allocate))
    #expect(response.transactionID == request.transactionID)
    #expect(
      response.attributes.map(\.type) == [
        .xorMappedAddress, .software,
        attribute == .sha1 ? .messageIntegrity : .messageIntegritySHA256,
      ] + (fingerprint ? [.fingerprint] : []))
    #expect(
      response.verifyMessageIntegrity(with: key) == (attribute == .sha1 ? .verified : .absent))
    #expect(
      response.verifyMessageIntegritySHA256(with: key)
        == (attribute == .sha256 ? .verified : .absent))
    #expect(response.verifyFingerprint() == (fingerprint ? .verified : .absent))
  }

  @Test("An error has its code and reason first, then what the body appends")
  func error() throws {
    let request = try request()
    let bytes = try ResponseWriter().error(
      .tryAlternate, reason: "elsewhere", to: request.view,
      protectedBy: ResponseProtection(key: key, attribute: .sha1)
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(alternateServer: otherServer)
    }
    let response = try STUNMessage(bytes)
    #expect(response.type == .bindingErrorResponse)
    #expect(
      response.attributes.map(\.type)
        == [.errorCode, .alternateServer, .messageIntegrity, .fingerprint])
    #expect(try response.errorCode == .tryAlternate)
    #expect(try response.errorReason == "elsewhere")
    #expect(response.verifyMessageIntegrity(with: key) == .verified)
  }

  @Test("420 lists what is not understood")
  func unknownAttributes() throws {
    let types = [AttributeType(rawValue: 0x7F00), .changeRequest]
    let request = try request()
    let response = try STUNMessage(
      ResponseWriter().unknownAttributes(
        types, to: request.view, protectedBy: ResponseProtection(key: key, attribute: .sha256)))
    #expect(try response.errorCode == .unknownAttribute)
    #expect(try response.unknownAttributes == types)
    #expect(response.verifyMessageIntegritySHA256(with: key) == .verified)
  }

  @Test(
    "A rejection is not protected, and has its challenge where there is one",
    arguments: [[.sha256, .md5], []] as [[PasswordAlgorithm]])
  func rejection(algorithms: [PasswordAlgorithm]) throws {
    let authenticator = Authenticator(
      .longTerm(
        try .init(
          realm: "example.org", passwords: ["u": "p"], secret: secret, algorithms: algorithms)))
    let request = try request(fingerprint: false)
    let result = authenticator.authenticate(request.view, from: client, at: .zero)
    guard case .rejected(let rejection) = result else { throw Failure(result) }
    let response = try STUNMessage(ResponseWriter().rejection(rejection, of: request.view))
    #expect(
      response.attributes.map(\.type) == [.errorCode, .realm, .nonce]
        + (algorithms.isEmpty ? [] : [.passwordAlgorithms]))
    #expect(try response.errorCode == .unauthenticated)
    #expect(try response.nonce == rejection.challenge?.nonce)
    #expect(try response.passwordAlgorithms == (algorithms.isEmpty ? nil : algorithms))
  }

  @Test("SOFTWARE that does not fit is thrown back at once, not with each response")
  func software() throws {
    #expect(try ResponseWriter(software: String(repeating: "x", count: 127)).software != nil)
    #expect {
      try ResponseWriter(software: String(repeating: "x", count: 128))
    } throws: { error in
      guard case STUNConfigurationError.cannotEncode(let inner) = error else { return false }
      return inner.code == .valueTooLong && inner.attribute == .software
    }
  }

  @Test("A response that does not fit a message says what did not fit")
  func tooLong() throws {
    let request = try request()
    #expect {
      try ResponseWriter().error(
        .badRequest, reason: String(repeating: "x", count: 600), to: request.view)
    } throws: { error in
      (error as? STUNEncodingError)?.code == .valueTooLong
    }
  }
}
