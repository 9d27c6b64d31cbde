public import ICE
import TransportAddress

/// The three fields of a candidate's priority, read off the number (RFC 8445 §5.1.2.1).
///
/// ```
/// 2122260223 = 126 · 2²⁴ + 32542 · 2⁸ + (256 − 1)
///              type        local        component
/// ```
public struct PriorityTerms: Hashable, Sendable {
  /// The number.
  public var priority: UInt32

  /// The fields of this number.
  public init(_ priority: UInt32) {
    self.priority = priority
  }

  /// The type preference, 0 to 126.
  public var typePreference: UInt8 { UInt8(priority >> 24) }
  /// The local preference.
  public var localPreference: UInt16 { UInt16(priority >> 8 & 0xFFFF) }
  /// The component ID that the lowest byte means, 1 to 256.
  public var component: UInt16 { 256 - UInt16(priority & 0xFF) }

  /// The upper byte of the local preference: the network interface, for browsers.
  var upperByte: UInt8 { UInt8(priority >> 16 & 0xFF) }
  /// The lower byte of the local preference.
  var lowerByte: UInt8 { UInt8(priority >> 8 & 0xFF) }
}

extension PriorityTerms {
  /// What the type preference says in a formula, such as `host`.
  ///
  /// - Returns: nil for a value that the formula does not have.
  public func typeMeaning(by formula: PriorityFormula) -> String? {
    switch (formula, typePreference) {
    case (_, 126): "host"
    case (_, 110): "peer-reflexive"
    case (_, 100): "server-reflexive"
    case (.rfc8445, 0): "relayed"
    case (.libwebrtc, 90): "host, TCP"
    case (.libwebrtc, 80): "peer-reflexive, TCP"
    case (.libwebrtc, 2): "relayed, TURN over UDP"
    case (.libwebrtc, 1): "relayed, TURN over TCP"
    case (.libwebrtc, 0): "relayed, TURN over TLS"
    case (.firefox, 125): "host, TCP"
    case (.firefox, 109): "peer-reflexive, TCP"
    case (.firefox, 99): "server-reflexive, TCP"
    case (.firefox, 5): "relayed"
    case (.firefox, 0): "relayed, TURN over TCP"
    default: nil
    }
  }

  /// What the local preference says in a formula, such as `network 127, IPv4`.
  ///
  /// - Returns: nil where the formula says nothing about it.
  public func localMeaning(of candidate: CandidateAttribute, by formula: PriorityFormula) -> String?
  {
    switch formula {
    case .rfc8445:
      localPreference == 65535 ? "the host's only address, or its best" : nil
    case .libwebrtc: libwebrtcMeaning(of: candidate)
    case .firefox: firefoxMeaning(of: candidate)
    }
  }

  /// The interface's rank, and below it the address's precedence in libwebrtc's own numbers.
  ///
  /// To the precedence 32 is added where the candidate is no relay's, otherwise the rank of the TURN
  /// server.
  private func libwebrtcMeaning(of candidate: CandidateAttribute) -> String? {
    guard let (family, rest) = libwebrtcAddress(of: candidate) else { return nil }
    let network = "\(upperByte)*256 + \(lowerByte): network \(upperByte), \(family)"
    if rest == 0 { return network }
    return candidate.type == .relayed
      ? "\(network) + \(rest) by the TURN server's rank" : "\(network) + \(rest) as no relay"
  }

  /// What the lower byte says of the address, which a name may hide, and what is left of it.
  private func libwebrtcAddress(
    of candidate: CandidateAttribute
  ) -> (family: String, rest: UInt8)? {
    let isRelayed = candidate.type == .relayed
    let known = [(40, "IPv6"), (30, "IPv4"), (50, "unique local IPv6"), (60, "IPv6 loopback")]
    for (value, family) in known where lowerByte == value { return (family, 0) }
    // The largest number of TURN servers, which every other candidate gets on top.
    for (value, family) in known where !isRelayed && Int(lowerByte) == value + 32 {
      return (family, 32)
    }
    guard isRelayed, case .address(let address) = candidate.host else { return nil }
    let value: UInt8 = if case .v4 = address { 30 } else { 40 }
    guard lowerByte > value, lowerByte < value + 32 else { return nil }
    return (value == 30 ? "IPv4" : "IPv6", lowerByte - value)
  }

  /// The interface's rank, three bits for who opens a TCP connection, five for the server.
  private func firefoxMeaning(of candidate: CandidateAttribute) -> String? {
    var text = "\(upperByte)*256 + \(lowerByte): interface \(upperByte)"
    let (direction, server) = (lowerByte >> 5, lowerByte & 31)
    if direction > 0 {
      text += ", \(candidate.tcpType.map(\.rawValue) ?? "direction") \(direction)*32"
    }
    if server > 0 { text += ", server \(31 - server) as 31 - \(31 - server)" }
    return text
  }

  /// The IP version that libwebrtc's number tells of a candidate whose name hides it; nil if it does
  /// not.
  func family(by formula: PriorityFormula) -> AddressFamily? {
    guard formula == .libwebrtc else { return nil }
    switch lowerByte {
    case 30, 62: return .ipv4
    case 40, 50, 60, 72, 82, 92: return .ipv6
    default: return nil
    }
  }
}
