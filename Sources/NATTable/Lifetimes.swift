import ProtocolTime

/// How long something is remembered.
enum Lifetime {
  case udpUnanswered
  case udp
  case tcpTransitory
  case tcpEstablished
  case icmp
}

/// The timeouts in nanoseconds: a `Duration` has 128 bits, whose division would cost each packet as
/// much as its lookup.
struct Lifetimes: Sendable {
  private let udpUnanswered, udp, tcpTransitory, tcpEstablished, icmp: Int64

  init(_ configuration: NATTable.Configuration) {
    let timeouts = configuration.timeouts
    udpUnanswered = max(0, timeouts.udpUnanswered.wholeNanoseconds)
    udp = max(0, timeouts.udp.wholeNanoseconds)
    tcpTransitory = max(0, timeouts.tcpTransitory.wholeNanoseconds)
    tcpEstablished = max(0, timeouts.tcpEstablished.wholeNanoseconds)
    icmp = max(0, timeouts.icmp.wholeNanoseconds)
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
      }
    let (end, overflow) = now.nanoseconds.addingReportingOverflow(length)
    return Instant(nanoseconds: overflow ? .max : end)
  }
}
