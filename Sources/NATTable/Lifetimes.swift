import SansIO

/// How long something is remembered.
enum Lifetime {
  case udpUnanswered
  case udp
  case tcpTransitory
  case tcpEstablished
  case icmp
  // Where each state of TCP has a time of its own, see `TCPStateTimeouts`
  case synSent, synReceived, finWait, closeWait, lastAck, timeWait, close, unacknowledged
  /// Nothing is to be remembered.
  case ended
}

/// The timeouts in nanoseconds: a `Duration` has 128 bits, whose division would cost each packet as
/// much as its lookup.
struct Lifetimes: Sendable {
  private let udpUnanswered, udp, tcpTransitory, tcpEstablished, icmp: Int64
  private let synSent, synReceived, finWait, closeWait, lastAck, timeWait, close: Int64
  private let unacknowledged: Int64

  init(_ configuration: NATTable.Configuration) {
    let timeouts = configuration.timeouts
    udpUnanswered = max(0, timeouts.udpUnanswered.wholeNanoseconds)
    udp = max(0, timeouts.udp.wholeNanoseconds)
    tcpTransitory = max(0, timeouts.tcpTransitory.wholeNanoseconds)
    tcpEstablished = max(0, timeouts.tcpEstablished.wholeNanoseconds)
    icmp = max(0, timeouts.icmp.wholeNanoseconds)
    let states = timeouts.tcpStates ?? NATTable.TCPStateTimeouts()
    synSent = max(0, states.synSent.wholeNanoseconds)
    synReceived = max(0, states.synReceived.wholeNanoseconds)
    finWait = max(0, states.finWait.wholeNanoseconds)
    closeWait = max(0, states.closeWait.wholeNanoseconds)
    lastAck = max(0, states.lastAck.wholeNanoseconds)
    timeWait = max(0, states.timeWait.wholeNanoseconds)
    close = max(0, states.close.wholeNanoseconds)
    unacknowledged = max(0, states.unacknowledged.wholeNanoseconds)
  }

  /// When something ends that begins, or is refreshed, now.
  @inline(__always)
  func deadline(_ lifetime: Lifetime, from now: Instant) -> Instant {
    let length =
      switch lifetime {
      case .udpUnanswered: udpUnanswered
      case .udp: udp
      case .tcpTransitory: tcpTransitory
      case .tcpEstablished: tcpEstablished
      case .icmp: icmp
      case .synSent: synSent
      case .synReceived: synReceived
      case .finWait: finWait
      case .closeWait: closeWait
      case .lastAck: lastAck
      case .timeWait: timeWait
      case .close: close
      case .unacknowledged: unacknowledged
      case .ended: Int64(0)
      }
    let (end, overflow) = now.nanoseconds.addingReportingOverflow(length)
    return Instant(nanoseconds: overflow ? .max : end)
  }
}
