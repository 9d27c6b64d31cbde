internal import STUN
internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// Requests: what they say, and when they are due.
extension TURNClient {
  /// How long before its end something is refreshed: longer than a request takes to fail, 39.5 s.
  private static var margin: Duration { .seconds(60) }
  /// How long to wait before the next try of what has failed.
  private static var pause: Duration { .seconds(1) }

  /// Sends a request, protected as the server wants it.
  mutating func begin(_ tag: Tag, id: TransactionID, at now: Instant) {
    guard attempts[tag] != nil else { return }
    session.began(&attempts[tag, default: .init()])
    violated.remove(tag)
    do throws(STUNEncodingError) {
      let request = try STUNMessage.encode(MessageType(.request, tag.method), transactionID: id) {
        (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try append(tag, to: &message)
        try session.protect(&message)
      }
      send(request, tag, at: now)
    } catch {
      // A user name, realm or nonce so long that nothing else fits.
      failed(tag, .cannotAuthenticate, at: now)
    }
  }

  private mutating func send(_ request: [UInt8], _ tag: Tag, at now: Instant) {
    do throws(TransactionError) {
      let id = try transactions.begin(request, tag: tag, to: server, at: now)
      if tag == .move { moveID = id }
    } catch {
      // As many requests as may wait do: this one fails as if it had got no response.
      failed(tag, .timedOut, at: now)
    }
  }

  @_lifetime(message: copy message)
  private func append(
    _ tag: Tag, to message: inout STUNMessageBuilder
  ) throws(STUNEncodingError) {
    switch tag {
    case .allocate:
      try message.append(requestedTransport: options.transport.rawValue)
      if let lifetime = options.lifetime { try message.append(lifetime: lifetime) }
      switch options.families {
      case .one(.ipv4): break  // What is allocated where nothing is said.
      case .one(.ipv6): try message.append(requestedAddressFamily: .ipv6)
      case .both: try message.append(additionalAddressFamily: .ipv6)
      }
      if options.asksForTicket, !isMobilityForbidden {
        try message.append(.mobilityTicket, bytes: [])
      }
    case .refresh:
      if let lifetime = options.lifetime { try message.append(lifetime: lifetime) }
    case .release:
      try message.append(lifetime: 0)
      if let ticket { try message.append(.mobilityTicket, bytes: ticket) }
    case .move:
      if let lifetime = options.lifetime { try message.append(lifetime: lifetime) }
      try message.append(.mobilityTicket, bytes: ticket ?? [])
    case .permission(let address):
      try message.append(xorPeerAddress: TransportAddress(address, port: 0))
    case .channel(let peer):
      if let channel = peers.channels[peer] { try message.append(channelNumber: channel.number) }
      try message.append(xorPeerAddress: peer)
    case .connect(let peer): try message.append(xorPeerAddress: peer)
    }
  }

  /// Asks for the permission of an address, unless that is under way.
  mutating func request(_ address: IPAddress) {
    if case .asked? = peers.permissions[address] { return }
    peers.permissions[address] = .asked(held: [])
    begin(.permission(address))
  }

  // MARK: - Time

  mutating func fired(_ timer: Timer, at now: Instant) {
    switch timer {
    case .refresh: begin(.refresh)
    case .expiry: finish(.lost(.expired))
    case .permission(let address): begin(.permission(address))
    case .channel(let peer): begin(.channel(peer))
    }
  }

  /// Notes until when something lives, and when it is to be refreshed.
  mutating func keep(_ timer: Timer, until: Instant, at now: Instant) {
    let lifetime = now.duration(to: until)
    // Well before the end, also of a short life: two thirds of it at the latest.
    timers.set(timer, at: now.advanced(by: max(lifetime - Self.margin, lifetime / 3 * 2)))
  }

  mutating func takeActions(at now: Instant) {
    while let action = transactions.nextAction() {
      switch action {
      case .send(let bytes, let server, .move) where moving == .added:
        actions.append(.sendOnAdded(bytes, to: server))
      case .send(let bytes, let server, _): actions.append(.send(bytes, to: server))
      case .timedOut(_, _, let tag):
        failed(tag, violated.contains(tag) ? .integrityViolation : .timedOut, at: now)
      }
    }
  }

  /// A request has failed without an error response.
  mutating func failed(_ tag: Tag, _ failure: Failure, at now: Instant) {
    attempts[tag] = nil
    switch tag {
    case .allocate: finish(.failed(failure))
    case .release: finish(releaseEnd)
    case .move: moveFailed(failure)
    case .refresh:
      guard failure != .cannotAuthenticate else {
        return finish(.lost(.refused(.unauthenticated)))
      }
      // There is still some time; its end has a timer of its own.
      timers.set(.refresh, at: now.advanced(by: Self.pause))
    case .permission(let address):
      if peers.isPermitted(address, at: now) {
        timers.set(.permission(address), at: now.advanced(by: Self.pause))
      } else {
        peers.permissions[address] = nil
        actions.append(.report(.refused(address, .timedOut)))
      }
    case .channel(let peer):
      // The server may have bound it: the next try has the same number (pitfall 20).
      if let until = peers.channels[peer]?.until, until > now {
        timers.set(.channel(peer), at: now.advanced(by: Self.pause))
      }
    case .connect(let peer): connectFailed(peer, .timedOut, at: now)
    }
  }
}

extension TURNClient.Tag {
  var method: STUNMethod {
    switch self {
    case .allocate: .allocate
    case .refresh, .release, .move: .refresh
    case .permission: .createPermission
    case .channel: .channelBind
    case .connect: .connect
    }
  }
}
