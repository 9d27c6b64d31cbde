import IPPacket

/// TCP as the Linux kernel follows it, with a time for each state; a session that begins in one of
/// these states stays among them.
///
///              SYN                SYN+ACK                 ACK
///     (none) ────▶ synSent ─────────────▶ synReceived ─────────▶ kernelEstablished
///                                                                       │ FIN
///     timeWait ◀──── lastAck ◀──────────── closeWait ◀───────── finWait ◀┘
///               ACK           FIN                       ACK
///
/// A RST leads to `aborted` from anywhere. These are the kernel's two tables, one for each direction,
/// of `nf_conntrack_proto_tcp.c`, without its look at sequence numbers: that needs the payload.
extension SessionState {
  /// The state and lifetime of the kernel's entry for a connection that the inside begins.
  static func beginningInKernel(
    with flags: TCPFlags, adopting: Bool
  ) -> (state: SessionState, lifetime: Lifetime)? {
    switch KernelEvent(flags) {
    case .syn: (.synSent, .synSent)
    // Until the outside has answered, nothing says that the connection is alive.
    case .ack where adopting: (.adopted, .unacknowledged)
    default: nil
    }
  }

  /// What a segment makes of one of the kernel's states; a lifetime means that it starts anew.
  func afterInKernel(
    _ flags: TCPFlags, fromInside: Bool
  ) -> (state: SessionState, lifetime: Lifetime?) {
    let event = KernelEvent(flags)
    if event == .rst {
      // The kernel forgets at once what ends before anybody has answered.
      return (.aborted, self == .synSent || self == .adopted ? .ended : .close)
    }
    guard let next = next(event, fromInside: fromInside) else { return (self, nil) }
    // The first answer makes no difference yet, only the segment after it.
    if self == .adopted, next == .kernelEstablished { return (next, .unacknowledged) }
    return (next, next.kernelLifetime)
  }

  /// The next state; nil if the segment is out of place and changes nothing.
  private func next(_ event: KernelEvent, fromInside: Bool) -> SessionState? {
    switch (self, event) {
    // Simultaneous open has a state of its own, in which both sides have sent a SYN.
    case (.synSent, .syn): fromInside ? .synSent : .bothSynSent
    case (.bothSynSent, .syn): .bothSynSent
    case (.synSent, .synAck): fromInside ? nil : .synReceived
    case (.bothSynSent, .synAck): .synReceived
    case (.synReceived, .synAck): fromInside ? .synReceived : nil
    case (.timeWait, .syn): .synSent
    case (.aborted, .syn): fromInside ? .synSent : nil

    case (.synReceived, .ack): fromInside ? .kernelEstablished : .synReceived
    case (.adopted, .ack): fromInside ? .adopted : .kernelEstablished
    case (.kernelEstablished, .ack): .kernelEstablished
    case (.finWait, .ack), (.closeWait, .ack): .closeWait
    case (.lastAck, .ack), (.timeWait, .ack), (.timeWait, .fin): .timeWait
    case (.aborted, .ack), (.aborted, .fin): .aborted

    case (.synReceived, .fin), (.kernelEstablished, .fin), (.adopted, .fin): .finWait
    case (.finWait, .fin), (.closeWait, .fin), (.lastAck, .fin): .lastAck
    default: nil
    }
  }

  private var kernelLifetime: Lifetime {
    switch self {
    case .synSent, .bothSynSent: .synSent
    case .synReceived: .synReceived
    case .adopted: .unacknowledged
    case .finWait: .finWait
    case .closeWait: .closeWait
    case .lastAck: .lastAck
    case .timeWait: .timeWait
    case .aborted: .close
    default: .tcpEstablished
    }
  }
}

/// What a segment is for the kernel: the first of these that its control bits name.
private enum KernelEvent {
  case rst, syn, synAck, fin, ack, none

  init(_ flags: TCPFlags) {
    self =
      if flags.contains(.rst) {
        .rst
      } else if flags.contains(.syn) {
        flags.contains(.ack) ? .synAck : .syn
      } else if flags.contains(.fin) {
        .fin
      } else if flags.contains(.ack) {
        .ack
      } else {
        .none
      }
  }
}
