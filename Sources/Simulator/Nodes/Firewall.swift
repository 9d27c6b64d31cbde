import IPPacket
import Router
import SansIO
import TransportAddress

/// A stateful packet filter: it knows the flows that the inside has opened, and translates nothing.
///
/// On a router that also has a NAT it sees the inside addresses, as the kernel's forward chain does.
public struct Firewall: Sendable {
  /// Its rules.
  public let policy: Policy
  /// When each flow was used last.
  private var flows: [FiveTuple: Instant] = [:]
  /// When each flow is forgotten, if nothing more comes.
  private var deadlines = DeadlineQueue<FiveTuple>()

  /// A firewall that knows no flow.
  public init(_ policy: Policy) {
    self.policy = policy
  }

  /// What may pass.
  public struct Policy: Hashable, Sendable {
    /// Where UDP datagrams from the inside may go.
    public var udp: Ports = .all
    /// Where TCP connections from the inside may go.
    public var tcp: Ports = .all
    /// What may come in besides answers.
    public var inbound: Ports = .none
    /// How long the firewall waits for an answer, or for the next packet of a flow.
    public var timeout: Duration = .seconds(120)

    /// A policy that lets the inside send everything, and lets in answers only.
    public init() {}

    /// Everything passes.
    public static let open: Policy = {
      var policy = Policy()
      policy.inbound = .all
      return policy
    }()

    /// The inside may send everything; only answers come in.
    public static let answersOnly = Policy()

    /// No UDP passes, in either direction.
    public static let noUDP: Policy = {
      var policy = Policy()
      policy.udp = .none
      return policy
    }()

    /// The inside may open TCP connections to the ports 80 and 443, and nothing else.
    public static let webOnly: Policy = {
      var policy = Policy.noUDP
      policy.tcp = .only([80, 443])
      return policy
    }()
  }

  /// A set of destination ports.
  public enum Ports: Hashable, Sendable {
    case all
    case none
    case only(Set<UInt16>)

    func contains(_ port: UInt16) -> Bool {
      switch self {
      case .all: true
      case .none: false
      case .only(let ports): ports.contains(port)
      }
    }
  }

  /// Why a firewall drops a packet.
  public enum Reason: String, Hashable, Sendable, CustomStringConvertible {
    /// UDP may not go to this port from the inside.
    case udpForbidden = "the firewall forbids UDP to this port"
    /// TCP may not go to this port from the inside.
    case tcpForbidden = "the firewall forbids TCP to this port"
    /// The packet comes from the outside and answers nothing.
    case unsolicited = "the firewall lets in answers only"
    /// The bytes cannot be read as a packet.
    case unreadable = "the firewall cannot read the packet"

    /// The reason as a phrase.
    public var description: String { rawValue }
  }

  /// How many flows it remembers.
  public var flowCount: Int { flows.count }

  /// Decides about a packet, with the inside host's own address in it.
  ///
  /// - Returns: why it must be dropped; nil if it may pass.
  /// - Complexity: O(1) on average, besides forgetting flows.
  mutating func refuses(
    _ bytes: [UInt8], from side: NATRouter.Side, at now: Instant
  ) -> Reason? {
    if policy == .open { return nil }
    while let (flow, _) = deadlines.popDue(at: now) { flows[flow] = nil }
    guard let packet = try? Packet(parsing: bytes.span) else { return .unreadable }
    if side == .outside { return refusesInbound(packet, at: now) }
    let port = packet.destination.port
    if packet.protocol == .udp, !policy.udp.contains(port) { return .udpForbidden }
    if packet.protocol == .tcp, !policy.tcp.contains(port) { return .tcpForbidden }
    if case .error = packet.content { return nil }
    remember(
      FiveTuple(packet.protocol, local: packet.source, remote: packet.destination), at: now)
    return nil
  }

  private mutating func refusesInbound(_ packet: Packet, at now: Instant) -> Reason? {
    if case .error(let error) = packet.content {
      // An error belongs to the flow of the packet that it is about (RFC 5508 §4.2).
      let embedded = error.embedded
      let flow = FiveTuple(embedded.protocol, local: embedded.source, remote: embedded.destination)
      return flows[flow] == nil ? .unsolicited : nil
    }
    let flow = FiveTuple(packet.protocol, local: packet.destination, remote: packet.source)
    guard flows[flow] != nil || policy.inbound.contains(packet.destination.port) else {
      return .unsolicited
    }
    remember(flow, at: now)
    return nil
  }

  private mutating func remember(_ flow: FiveTuple, at now: Instant) {
    flows[flow] = now
    deadlines.set(flow, at: now.advanced(by: policy.timeout))
  }
}
