public import STUNCodec
public import SansIO
public import TransportAddress

/// The data path: each answer is at once, and the data stay where they are.
///
///     from the client                              from a peer
///     5-tuple ─▶ allocation                        relayed transport address ─▶ allocation
///     channel number ─▶ peer                       peer's address ─▶ channel, or indication
///       .relay(range, to:, from:)                    .deliver(range, on:)
///
/// That is two look-ups either way, and no allocation of memory.
extension TURNServer {
  /// ChannelData from a client (RFC 8656 §12.6).
  // In line, as a call would take as long as a look-up.
  @inline(__always)
  mutating func channelData(
    _ bytes: Span<UInt8>, on tuple: FiveTuple, at now: Instant
  ) -> Verdict {
    let channel: ChannelNumber
    let count: Int
    do throws(STUNDecodingError) {
      let message = try ChannelDataView(bytes.bytes, numbers: configuration.channelNumbers)
      channel = message.channel
      count = message.data.byteCount
    } catch {
      return counted(.drop(.notSTUN))
    }
    guard let slot = tuples[TupleKey(tuple)], slots[slot].isActive else {
      return counted(.drop(.noAllocation))
    }
    if slots[slot].hasOther { used(tuple, of: slot, at: now) }
    switch slots[slot].peers.destination(of: channel, at: now) {
    case .peer(let peer):
      // Exactly as many bytes as the length says: padding is not the peer's (T3).
      let start = ChannelDataView.headerByteCount
      return relay(start..<start + count, to: peer, from: slot, at: now, dontFragment: false)
    case .noPermission: return counted(.drop(.noPermission))
    case .unbound: return counted(.drop(.unboundChannel))
    }
  }

  /// The longest frame of a client's stream, padding included: ChannelData of 65 507 bytes, as more fit
  /// no UDP datagram over IPv4, and cannot be relayed.
  public static var maximumFrameByteCount: Int { 65_512 }

  /// The channel numbers with which a frame of a client's stream may begin: RFC 8656's, and those that
  /// RFC 5766 had once the client has bound one of them.
  ///
  /// Before that, what begins so is some other protocol's (RFC 8656 §12).
  /// - Complexity: O(*n*) in the allocation's channels.
  public func channelNumbers(on tuple: FiveTuple) -> ClosedRange<UInt16> {
    guard let slot = tuples[TupleKey(tuple)] else { return ChannelNumber.validValues }
    return slots[slot].peers.hasFormerNumber
      ? configuration.channelNumbers : ChannelNumber.validValues
  }

  /// A Send indication from a client (RFC 8656 §11.2).
  mutating func sendIndication(
    _ message: STUNMessageView, on tuple: FiveTuple, at now: Instant
  ) -> Verdict {
    guard let slot = tuples[TupleKey(tuple)], slots[slot].isActive else {
      return counted(.drop(.noAllocation))
    }
    guard slots[slot].transport == .udp else { return counted(.drop(.noDatagrams)) }
    let peer: TransportAddress
    let dontFragment: Bool
    do throws(STUNDecodingError) {
      guard let address = try message.xorPeerAddress else {
        return counted(.drop(.malformedIndication))
      }
      peer = address
      dontFragment = try message.dontFragment
    } catch {
      return counted(.drop(.malformedIndication))
    }
    guard let data = message.first(.data) else { return counted(.drop(.malformedIndication)) }
    var attributes = message.attributes
    while let attribute = attributes.next() {
      if attribute.type.isComprehensionRequired, !isUnderstood(attribute.type) {
        return counted(.drop(.malformedIndication))
      }
    }
    if slots[slot].hasOther { used(tuple, of: slot, at: now) }
    guard slots[slot].peers.permits(peer.address, at: now) else {
      return counted(.drop(.noPermission))
    }
    let start = data.byteOffset + 4
    return relay(
      start..<start + data.value.byteCount, to: peer, from: slot, at: now,
      dontFragment: dontFragment)
  }

  private mutating func relay(
    _ range: Range<Int>, to peer: TransportAddress, from slot: Int, at now: Instant,
    dontFragment: Bool
  ) -> Verdict {
    guard isReachable(peer) else { return counted(.drop(.refusedPeer)) }
    guard let relay = relay(of: slot, for: peer.address), relay.expires > now else {
      return counted(.drop(.noAllocation))
    }
    return .relay(range, to: peer, from: relay.address, dontFragment: dontFragment)
  }

  /// What an allocation relays from, for peers of an address's family.
  private func relay(of slot: Int, for address: IPAddress) -> Allocation.Relay? {
    switch address {
    case .v4: slots[slot].ipv4
    case .v6: slots[slot].ipv6
    }
  }

  /// Takes a datagram that came to a relayed transport address, and writes a header around its data.
  ///
  /// - Parameters:
  ///   - buffer: the data with ``headroom`` bytes before them and ``tailroom`` bytes after them.
  ///   - payload: where the data stand in it.
  ///   - peer: who has sent them.
  ///   - relayed: the relayed transport address that they came to.
  ///   - generator: where the indication's transaction ID comes from.
  /// - Complexity: O(1) on average; allocates nothing.
  public mutating func receivedFromPeer(
    _ buffer: inout MutableSpan<UInt8>, payload: Range<Int>, from peer: TransportAddress,
    to relayed: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    guard let slot = relays[EndpointKey(relayed)], slots[slot].isActive,
      let expires = relay(of: slot, for: relayed.address)?.expires, expires > now
    else { return counted(.drop(.unknownRelayedAddress)) }
    guard let tuple = clientTuple(of: slot) else { return counted(.drop(.clientAway)) }
    let written: Range<Int>?
    switch slots[slot].peers.route(from: peer, at: now) {
    case .channel(let number):
      written = ChannelData.writeHeader(
        number, around: payload, isPadded: tuple.protocol == .tcp,
        numbers: configuration.channelNumbers, in: &buffer)
    case .indication:
      written = IndicationHeader.write(
        .data, id: .random(using: &generator), peer: peer, around: payload, in: &buffer)
    case .noPermission: return counted(.drop(.noPermission))
    }
    guard let written else { return counted(.drop(.tooLong)) }
    return .deliver(written, on: tuple)
  }

  /// Tells a client about an ICMP error that a relayed datagram has caused (RFC 8656 §11.5).
  ///
  /// - Parameters:
  ///   - peer: where the datagram was sent to.
  ///   - relayed: the relayed transport address that it was sent from.
  /// - Returns: whether the client is told; for a peer without permission, and of types that are no
  ///   errors of delivery, it is not.
  @discardableResult
  public mutating func receivedICMP(
    _ error: ICMPAttribute, about peer: TransportAddress, from relayed: TransportAddress,
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    guard let slot = relays[EndpointKey(relayed)], slots[slot].isActive else {
      return counted(.drop(.unknownRelayedAddress))
    }
    guard error.isRelayed(over: relayed.address.family) else {
      return counted(.drop(.irrelevantICMP))
    }
    guard let tuple = clientTuple(of: slot) else { return counted(.drop(.clientAway)) }
    guard slots[slot].peers.permits(peer.address, at: now) else {
      return counted(.drop(.noPermission))
    }
    do throws(STUNEncodingError) {
      let message = try STUNMessage.encode(
        MessageType(.indication, .data), transactionID: .random(using: &generator)
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(xorPeerAddress: peer)
        try message.append(icmp: error)
      }
      actions.append(.send(message, on: tuple))
      return .taken
    } catch {
      return counted(.drop(.cannotEncode(error.code)))
    }
  }
}

extension ICMPAttribute {
  /// Whether clients are told of this type: that the destination is unreachable, the packet too big
  /// or its time over (RFC 8656 §11.5).
  fileprivate func isRelayed(over family: AddressFamily) -> Bool {
    switch family {
    case .ipv4: type == 3 || type == 11
    case .ipv6: (1...3).contains(type)
    }
  }
}
