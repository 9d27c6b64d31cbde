import IPPacket
import TransportAddress

/// How far the exchange with one remote is, and with it how long it is remembered.
///
/// For TCP this is the tracking of RFC 6146 §3.5.2, which RFC 7857 §2 recommends to every NAT:
///
///     opening ──SYN from the other side──▶ established ──FIN──▶ …Finished ──FIN──▶ closing
///                                           │      ▲
///                                          RST   not RST
///                                           ▼      │
///                                            reset
///
/// Opening, closing and reset are remembered for the transitory time, the others for the
/// established one.
enum SessionState: UInt8 {
  /// Nothing has come from the outside yet. To `answered`.
  case unanswered
  /// The outside has sent too.
  case answered

  /// A SYN went out. To `established` when one comes in.
  case openingFromInside
  /// A SYN came in. To `established` when one goes out.
  case openingFromOutside
  /// Both sides have sent a SYN. To the two `…Finished`, and to `reset`.
  case established
  /// The inside sends no more. To `closing`, and to `reset`.
  case insideFinished
  /// The outside sends no more. To `closing`, and to `reset`.
  case outsideFinished
  /// Both sides have sent a FIN. To the opening states, when a SYN uses the ends anew.
  case closing
  /// There was a RST, which may be forged: anything but another leads back to `established`.
  case reset

  // The kernel's states, see `afterInKernel`.
  case synSent, bothSynSent, synReceived, kernelEstablished, adopted
  case finWait, closeWait, lastAck, timeWait, aborted
}

extension SessionState {
  /// What a packet that goes through makes of the state; a lifetime means that it starts anew.
  @inline(__always)
  func after(
    _ packet: Packet, fromInside: Bool, inboundRefresh: Bool
  ) -> (state: SessionState, lifetime: Lifetime?) {
    if case .segment(let flags) = packet.content { return after(flags, fromInside: fromInside) }
    let state = fromInside ? self : .answered
    // RFC 4787 REQ-6: packets from the inside must refresh, those from the outside may.
    guard fromInside || inboundRefresh else { return (state, nil) }
    if packet.protocol == .udp { return (state, state == .answered ? .udp : .udpUnanswered) }
    return (state, .icmp)
  }

  private func after(
    _ flags: TCPFlags, fromInside: Bool
  ) -> (state: SessionState, lifetime: Lifetime?) {
    switch self {
    case .openingFromInside, .openingFromOutside:
      let other: SessionState = fromInside ? .openingFromOutside : .openingFromInside
      if self == other, flags.contains(.syn) { return (.established, .tcpEstablished) }
      return (self, .tcpTransitory)
    case .established, .insideFinished, .outsideFinished:
      // RFC 7857 §2.2: a RST may be forged, so that it only shortens the time.
      if flags.contains(.rst) { return (.reset, .tcpTransitory) }
      guard flags.contains(.fin) else { return (self, .tcpEstablished) }
      let mine: SessionState = fromInside ? .insideFinished : .outsideFinished
      if self == .established || self == mine { return (mine, .tcpEstablished) }
      return (.closing, .tcpTransitory)
    case .closing:
      if flags.contains(.syn) {
        return (fromInside ? .openingFromInside : .openingFromOutside, .tcpTransitory)
      }
      return (self, nil)
    case .reset:
      if flags.contains(.rst) { return (self, nil) }
      if flags == .syn {
        return (fromInside ? .openingFromInside : .openingFromOutside, .tcpTransitory)
      }
      return (.established, .tcpEstablished)
    case .unanswered, .answered:
      return (self, nil)
    case .synSent, .bothSynSent, .synReceived, .kernelEstablished, .adopted, .finWait, .closeWait,
      .lastAck, .timeWait, .aborted:
      return afterInKernel(flags, fromInside: fromInside)
    }
  }

  /// The state that a session begins in, and for how long; nil if its packet cannot begin one.
  static func beginning(
    with packet: Packet, fromInside: Bool, _ configuration: NATTable.Configuration
  ) -> (state: SessionState, lifetime: Lifetime)? {
    switch packet.content {
    case .segment(let flags):
      let adopting = configuration.adoptsConnections
      if fromInside, configuration.timeouts.tcpStates != nil {
        return beginningInKernel(with: flags, adopting: adopting)
      }
      if flags.contains(.syn), !flags.contains(.rst) {
        return (fromInside ? .openingFromInside : .openingFromOutside, .tcpTransitory)
      }
      // A connection older than the table: as good as open, for who knows the difference?
      return adopting && !flags.contains(.rst)
        ? (.established, .tcpEstablished) : nil
    case .datagram: return (.unanswered, .udpUnanswered)
    case .query: return (.unanswered, .icmp)
    case .reply, .error: return nil
    }
  }
}
