internal import STUN
internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// Responses, and what follows from them.
extension TURNClient {
  /// How many 5-tuples are tried when each has an allocation already (RFC 8656 §7.4).
  private static var fiveTupleLimit: Int { 3 }
  /// How many servers send the client on before it gives up.
  private static var redirectionLimit: Int { 5 }

  mutating func response(
    _ message: STUNMessageView, from source: TransportAddress, at now: Instant
  ) -> Incoming {
    guard let response = transactions.match(message, from: source), response.isSymmetric else {
      return .dropped(.unknownTransaction)
    }
    let tag = response.tag
    var code: ErrorCode?
    if message.type.class == .errorResponse {
      code = try? message.errorCode
      guard let code else { return .dropped(.malformedResponse) }
      if code == .unauthenticated || code == .staleNonce {
        return challenged(by: message, code, response, at: now)
      }
    }
    // RFC 8489 §9.2.5: not protected or not rightly, it is as if it had never come.
    guard attempts[tag]?.protection.isSatisfied(by: message) == true else {
      violated.insert(tag)
      if isStream {
        transactions.cancel(response.id)
        failed(tag, .integrityViolation, at: now)
      }
      return .dropped(.notAuthentic)
    }
    transactions.complete(response.id, at: now)
    attempts[tag] = nil
    // RFC 8489 §6.3.3 and §6.3.4: what is not understood fails.
    if message.hasUnknownRequirement {
      failed(tag, .malformedResponse, at: now)
    } else if let code {
      refused(tag, code, message, at: now)
    } else {
      succeeded(tag, message, at: now)
    }
    return .handled
  }

  /// 401 and 438 to any request (RFC 8489 §9.2.5; pitfall 21).
  private mutating func challenged(
    by message: STUNMessageView, _ code: ErrorCode, _ response: Transactions<Tag>.Response,
    at now: Instant
  ) -> Incoming {
    let tag = response.tag
    switch session.challenged(by: message, code, &attempts[tag, default: .init()]) {
    case .retry:
      transactions.complete(response.id, at: now)
      due.append(tag)
    case .drop(.bidDown): return .dropped(.bidDown)
    case .drop: return .dropped(.malformedResponse)
    case .fail:
      transactions.complete(response.id, at: now)
      attempts[tag] = nil
      refused(tag, code, message, at: now)
    case .noKnownAlgorithm:
      transactions.complete(response.id, at: now)
      failed(tag, .cannotAuthenticate, at: now)
    }
    return .handled
  }

  // MARK: - Success

  private mutating func succeeded(_ tag: Tag, _ message: STUNMessageView, at now: Instant) {
    switch tag {
    case .allocate:
      guard let addresses = AllocatedAddresses(message) else {
        // What cannot be used is given back (RFC 8656 §7.3).
        state = .releasing(.failed(.malformedResponse))
        return begin(.release)
      }
      let expires = live(message, at: now)
      state = .allocated(addresses, expires: expires)
      takeTicket(of: message)
      actions.append(.report(.allocated(addresses)))
      permitAsBefore()
    case .refresh:
      guard case .allocated(let addresses, _) = state else { return }
      state = .allocated(addresses, expires: live(message, at: now))
    case .move:
      guard case .allocated(let addresses, _) = state else { return }
      state = .allocated(addresses, expires: live(message, at: now))
      moved(message)
    case .release: finish(releaseEnd)
    case .permission(let address): permitted(address, at: now)
    case .channel(let peer):
      let isNew = peers.channels[peer]?.until == nil
      let until = now.advanced(by: TURNConstants.channelLifetime)
      peers.channels[peer]?.until = until
      keep(.channel(peer), until: until, at: now)
      // The permission has been refreshed with it (RFC 8656 §12.2).
      permitted(peer.address, at: now)
      if isNew, let number = peers.channels[peer]?.number {
        actions.append(.report(.bound(number, peer)))
      }
    case .connect(let peer): connected(peer, message)
    }
  }

  /// How long the allocation lives by a success response; timers are set.
  private mutating func live(_ message: STUNMessageView, at now: Instant) -> Instant {
    let seconds = (try? message.lifetime) ?? 600
    let expires = now.advanced(by: .seconds(Int64(seconds)))
    timers.set(.expiry, at: expires)
    keep(.refresh, until: expires, at: now)
    return expires
  }

  private mutating func permitted(_ address: IPAddress, at now: Instant) {
    let isNew = !peers.isPermitted(address, at: now)
    let until = now.advanced(by: TURNConstants.permissionLifetime)
    for held in peers.permitted(address, until: until) { flushed.append(held) }
    keep(.permission(address), until: until, at: now)
    if isNew { actions.append(.report(.permitted(address))) }
  }

  // MARK: - Errors

  private mutating func refused(
    _ tag: Tag, _ code: ErrorCode, _ message: STUNMessageView, at now: Instant
  ) {
    switch tag {
    case .allocate: refusedAllocation(code, message)
    case .release: finish(releaseEnd)
    case .move: moveFailed(.refused(code))
    case .refresh:
      // A server that fails for the moment may not do so later (RFC 8489 §14.8).
      if code.hundreds == 5 {
        timers.set(.refresh, at: now.advanced(by: .seconds(5)))
      } else {
        finish(.lost(code == .allocationMismatch ? .unknownToServer : .refused(code)))
      }
    case .permission(let address):
      guard code != .allocationMismatch else { return finish(.lost(.unknownToServer)) }
      peers.permissions[address] = .refused
      timers.cancel(.permission(address))
      // Only its own peers have failed (T18).
      actions.append(.report(.refused(address, .error(code))))
    case .channel(let peer):
      guard code != .allocationMismatch else { return finish(.lost(.unknownToServer)) }
      peers.channels[peer]?.until = nil
      peers.channels[peer]?.isRefused = true
    case .connect(let peer):
      guard code != .allocationMismatch else { return finish(.lost(.unknownToServer)) }
      connectFailed(peer, .error(code), at: now)
    }
  }

  private mutating func refusedAllocation(_ code: ErrorCode, _ message: STUNMessageView) {
    guard case .allocating(let mismatches, let earlier) = state else { return }
    switch code {
    case .allocationMismatch where mismatches + 1 < Self.fiveTupleLimit:
      state = .allocating(mismatches: mismatches + 1, earlierServers: earlier)
      actions.append(.changeFiveTuple(server: server, domain: nil))
    case .mobilityForbidden where options.asksForTicket && !isMobilityForbidden:
      // RFC 8016 §3.1.4: without a ticket it may be had.
      isMobilityForbidden = true
      begin(.allocate)
    case .tryAlternate:
      guard let alternate = try? message.alternateServer,
        alternate.address.family == server.address.family, alternate != server,
        !earlier.contains(alternate), earlier.count < Self.redirectionLimit
      else { return finish(.failed(.refused(code))) }
      state = .allocating(mismatches: 0, earlierServers: earlier + [server])
      server = alternate
      // Realm and nonce are the other server's, and it is not known yet (RFC 8489 §10).
      session = session.unchallenged
      if isStream {
        let domain = STUNMessage(message)
        actions.append(
          .changeFiveTuple(server: alternate, domain: (try? domain.alternateDomain) ?? nil))
      } else {
        begin(.allocate)
      }
    default: finish(.failed(.refused(code)))
    }
  }
}

extension TURNClient.AllocatedAddresses {
  /// Nil for a response without a relayed transport address that can be read.
  init?(_ message: STUNMessageView) {
    var relayed: [TransportAddress] = []
    var cursor = message.attributes
    do throws(STUNDecodingError) {
      while let attribute = cursor.next() {
        guard attribute.type == .xorRelayedAddress else { continue }
        relayed.append(try attribute.address().xored(with: message.transactionID))
      }
      mapped = try message.xorMappedAddress
      addressError = try message.addressErrorCode
    } catch {
      return nil
    }
    guard !relayed.isEmpty else { return nil }
    self.relayed = relayed
  }
}
