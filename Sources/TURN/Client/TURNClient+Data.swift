internal import STUN
internal import STUNCodec
public import SansIO
public import TransportAddress

/// Data to and from peers.
extension TURNClient {
  /// Sends data that have no room around them, as ``send(_:payload:to:at:using:)`` does.
  ///
  /// - Parameter buffer: becomes a copy of the data with that room.
  /// - Returns: which bytes of the buffer are to be sent to the server.
  /// - Complexity: O(*n*) in the data.
  public mutating func send(
    copying data: [UInt8], into buffer: inout [UInt8], to peer: TransportAddress,
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Outgoing {
    let payload = Self.headroom..<Self.headroom + data.count
    buffer = [UInt8](repeating: 0, count: payload.upperBound + Self.tailroom)
    buffer.replaceSubrange(payload, with: data)
    var span = buffer.mutableSpan
    return send(&span, payload: payload, to: peer, at: now, using: &generator)
  }

  /// Sends data to a peer: by its channel, or as a Send indication until there is one.
  ///
  /// The first data for an address wait until the server has permitted it.
  ///
  /// - Parameters:
  ///   - buffer: the data with ``headroom`` bytes before them and ``tailroom`` bytes after them.
  ///   - payload: where the data stand in it.
  /// - Returns: which bytes of the buffer are to be sent to the server.
  /// - Complexity: O(1) on average.
  public mutating func send(
    _ buffer: inout MutableSpan<UInt8>, payload: Range<Int>, to peer: TransportAddress,
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Outgoing {
    guard case .allocated(let addresses, _) = state else { return .dropped(.noAllocation) }
    guard addresses.relayed.contains(where: { $0.address.family == peer.address.family }) else {
      return .dropped(.familyMismatch)
    }
    guard options.transport == .udp else { return .dropped(.noDatagrams) }
    switch peers.permissions[peer.address] {
    case .permitted(let until)? where until > now:
      if moving == .changed { return holdWhileMoving(buffer.span, payload, for: peer) }
    case .refused?: return .dropped(.refused)
    default: return hold(buffer.span, payload, for: peer, at: now, using: &generator)
    }
    let written: Range<Int>?
    if let channel = peers.channels[peer], let until = channel.until, until > now {
      written = ChannelData.writeHeader(
        channel.number, around: payload, isPadded: isStream, in: &buffer)
    } else {
      bind(peer)
      if !due.isEmpty { work(at: now, using: &generator) }
      written = IndicationHeader.write(
        .send, id: .random(using: &generator), peer: peer, around: payload, in: &buffer)
    }
    return written.map { .send($0) } ?? .dropped(.tooLong)
  }

  /// Asks for a permission, and keeps the data until it is there.
  private mutating func hold(
    _ bytes: Span<UInt8>, _ payload: Range<Int>, for peer: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator
  ) -> Outgoing {
    request(peer.address)
    guard case .asked(var held)? = peers.permissions[peer.address],
      held.count < ClientPeers.heldLimit
    else { return .dropped(.tooManyHeld) }
    held.append((bytes.extracting(payload).copied, peer))
    peers.permissions[peer.address] = .asked(held: held)
    work(at: now, using: &generator)
    return .held
  }

  /// Binds a channel to a peer, unless that is under way or refused.
  private mutating func bind(_ peer: TransportAddress) {
    guard options.bindsChannels, peers.channels[peer]?.isRefused != true,
      peers.number(for: peer) != nil
    else { return }
    begin(.channel(peer))
  }

  /// Queues a Send indication with data that were held.
  mutating func indicate(_ data: [UInt8], to peer: TransportAddress, id: TransactionID) {
    do throws(STUNEncodingError) {
      let message = try STUNMessage.encode(
        MessageType(.indication, .send), transactionID: id
      ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        try message.append(xorPeerAddress: peer)
        try message.append(data: data.span.bytes)
      }
      actions.append(.send(message, to: server))
    } catch {
      // More data than a message can hold: they are lost, as a datagram too long for its path is.
    }
  }

  // MARK: - From the server

  mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, at now: Instant
  ) -> Incoming {
    // Only the server speaks for peers (RFC 8656 §3.1).
    guard source == server else { return .dropped(.unexpectedSource) }
    if !bytes.isEmpty, bytes[0] & 0xC0 == 0x40 { return channelData(bytes, at: now) }
    let message: STUNMessageView
    do throws(STUNDecodingError) {
      message = try STUNMessageView(bytes.bytes)
    } catch {
      return .dropped(.notSTUN)
    }
    guard message.verifyFingerprint() != .wrong else { return .dropped(.wrongFingerprint) }
    switch (message.type.class, message.type.method) {
    case (.indication, .data): return dataIndication(message, at: now)
    case (.indication, .connectionAttempt): return connectionAttempt(message, at: now)
    case (.successResponse, _), (.errorResponse, _):
      return response(message, from: source, at: now)
    default: return .dropped(.notForClients)
    }
  }

  private func channelData(_ bytes: Span<UInt8>, at now: Instant) -> Incoming {
    let number: ChannelNumber
    let count: Int
    do throws(STUNDecodingError) {
      let message = try ChannelDataView(bytes.bytes)
      (number, count) = (message.channel, message.data.byteCount)
    } catch {
      return .dropped(.notSTUN)
    }
    // The response to the ChannelBind may come after the first data of the channel.
    guard case .allocated = state, let peer = peers.numbers[number.rawValue] else {
      return .dropped(.unboundChannel)
    }
    guard peers.isPermitted(peer.address, at: now) else { return .dropped(.noPermission) }
    return .data(4..<4 + count, from: peer)
  }

  /// A Data indication: data, or the report of an ICMP error (RFC 8656 §11.4 and §11.6).
  private mutating func dataIndication(_ message: STUNMessageView, at now: Instant) -> Incoming {
    let peer: TransportAddress
    let icmp: ICMPAttribute?
    do throws(STUNDecodingError) {
      guard let address = try message.xorPeerAddress else {
        return .dropped(.malformedIndication)
      }
      peer = address
      icmp = try message.icmp
    } catch {
      return .dropped(.malformedIndication)
    }
    // RFC 8489 §6.3.2: an indication with something unknown that counts is discarded.
    var attributes = message.attributes
    while let attribute = attributes.next() {
      // The two that are always there are not looked up.
      if attribute.type != .xorPeerAddress, attribute.type != .data,
        attribute.type.isComprehensionRequired, !attribute.type.isRegistered
      {
        return .dropped(.malformedIndication)
      }
    }
    guard peers.isPermitted(peer.address, at: now) else { return .dropped(.noPermission) }
    if let data = message.first(.data) {
      let start = data.byteOffset + 4
      return .data(start..<start + data.value.byteCount, from: peer)
    }
    guard let icmp else { return .dropped(.malformedIndication) }
    actions.append(.report(.unreachable(peer, icmp)))
    return .handled
  }
}

extension Span<UInt8> {
  /// A copy of the bytes.
  var copied: [UInt8] { withUnsafeBufferPointer { Array($0) } }
}
