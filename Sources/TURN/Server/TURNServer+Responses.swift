internal import STUN
internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// What the server says to a client.
extension TURNServer {
  /// Notes why something ended here.
  mutating func counted(_ verdict: Verdict) -> Verdict {
    if case .drop(let reason) = verdict { drops.count(reason) }
    return verdict
  }

  /// Sends a success response.
  mutating func succeed(
    _ request: STUNMessageView, by protection: ResponseProtection?, on tuple: FiveTuple,
    _ body: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void = { _ in }
  ) -> Verdict {
    send(on: tuple) { writer throws(STUNEncodingError) in
      try writer.success(to: request, protectedBy: protection, body)
    }
  }

  /// Sends the error response to a request whose sender is known.
  mutating func refuse(
    _ request: STUNMessageView, _ refusal: Refusal, by requester: Requester, on tuple: FiveTuple
  ) -> Verdict {
    report(
      .refused(
        request.type.method, refusal.code, user: requester.name, on: tuple,
        peer: try? request.xorPeerAddress))
    let alternateServer = alternateServer
    return send(on: tuple) { writer throws(STUNEncodingError) in
      if refusal.code == .unknownAttribute {
        return try writer.unknownAttributes(
          refusal.unknown, to: request, protectedBy: requester.protection)
      }
      return try writer.error(
        refusal.code, to: request, protectedBy: requester.protection
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        if refusal.code == .tryAlternate, let alternateServer {
          try message.append(alternateServer: alternateServer)
        }
      }
    }
  }

  /// Sends a challenge, as short as one can be, unless the source has had too many, or all sources
  /// together more bytes than they have sent.
  ///
  /// Neither SOFTWARE nor a reason phrase: a challenge is longer than its request as it is, and may
  /// go to the owner of a forged source address.
  mutating func reject(
    _ request: STUNMessageView, _ rejection: Authenticator.Rejection, on tuple: FiveTuple,
    at now: Instant
  ) -> Verdict {
    guard isSourceAdmitted(tuple, at: now) else { return .drop(.tooManyUnproven) }
    // A nonce that is stale is no news.
    if request.has(.messageIntegrity) || request.has(.messageIntegritySHA256),
      rejection.code != .staleNonce
    {
      let name = reportsEvents ? authenticator.claimedName(in: request) : nil
      report(.notAuthentic(request.type.method, rejection.code, claiming: name, on: tuple))
    }
    let response: [UInt8]
    do throws(STUNEncodingError) {
      response = try challenge(rejection, to: request)
    } catch {
      return .drop(.cannotEncode(error.code))
    }
    if tuple.protocol == .udp {
      let isPaidFor = challengeBudget.admits(
        challengeOf: response.count, to: request.bytes.byteCount, at: now)
      guard isPaidFor else { return .drop(.tooManyUnproven) }
    }
    actions.append(.send(response, on: tuple))
    return .taken
  }

  private func challenge(
    _ rejection: Authenticator.Rejection, to request: STUNMessageView
  ) throws(STUNEncodingError) -> [UInt8] {
    try STUNMessage.encode(
      MessageType(.errorResponse, request.type.method), transactionID: request.transactionID
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(errorCode: rejection.code, reason: "")
      if let challenge = rejection.challenge {
        try message.append(realm: challenge.realm)
        try message.append(nonce: challenge.nonce)
        if !challenge.algorithms.isEmpty {
          try message.append(passwordAlgorithms: challenge.algorithms)
        }
      }
      if request.has(.fingerprint) { try message.appendFingerprint() }
    }
  }

  /// Answers a Binding request, as every STUN server does.
  mutating func binding(
    _ request: STUNMessageView, on tuple: FiveTuple, at now: Instant
  ) -> Verdict {
    guard isSourceAdmitted(tuple, at: now) else { return .drop(.tooManyUnproven) }
    return send(on: tuple) { _ throws(STUNEncodingError) in
      try STUNMessage.encode(
        .bindingSuccessResponse, transactionID: request.transactionID
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(xorMappedAddress: tuple.remote)
        if request.has(.fingerprint) { try message.appendFingerprint() }
      }
    }
  }

  /// Answers a Binding request of classic STUN (RFC 5389 §12.2).
  ///
  /// It comes by UDP alone: in a stream a frame is known by the magic cookie.
  mutating func classicBinding(
    _ bytes: Span<UInt8>, on tuple: FiveTuple, at now: Instant
  ) -> Verdict {
    guard tuple.protocol == .udp,
      let response = ClassicBinding.response(to: bytes, from: tuple.remote)
    else { return .drop(.notSTUN) }
    guard isSourceAdmitted(tuple, at: now) else { return .drop(.tooManyUnproven) }
    actions.append(.send(response, on: tuple))
    return .taken
  }

  /// Whether a source that has proven nothing gets a response; the handshake of TCP proves enough.
  private mutating func isSourceAdmitted(_ tuple: FiveTuple, at now: Instant) -> Bool {
    tuple.protocol == .tcp || challenges.admits(tuple.remote.address, at: now)
  }

  /// Queues what `body` writes for the client.
  private mutating func send(
    on tuple: FiveTuple, _ body: (ResponseWriter) throws(STUNEncodingError) -> [UInt8]
  ) -> Verdict {
    do throws(STUNEncodingError) {
      actions.append(.send(try body(writer), on: tuple))
      return .taken
    } catch {
      return .drop(.cannotEncode(error.code))
    }
  }
}
