import Calls
import ICE
public import NATTable
public import Simulator

/// The network of a drill, the two who call, and what befalls them: all that a fix can change.
///
///     alice ── home ──┐             ┌── cabin ── bob
///                     ├─ (carrier) ─┤
///                     └── Internet ─┴── stun.example, turn.example
public struct Scene: Hashable, Sendable {
  /// Where one of the two is, and which servers the app there asks.
  public struct Side: Hashable, Sendable {
    /// The name of the router.
    public var place: String
    /// The router's NAT.
    public var nat = NATTable.Configuration.portRestrictedCone
    /// The router's firewall.
    public var firewall = Firewall.Policy.open
    /// The MTU of the line to the Internet, in bytes.
    public var mtu = 1500
    /// Whether the router's table can be looked at: it is a router of their own.
    public var ownsRouter = false
    /// Whether the router forwards the agent's port.
    public var forwardsPort = false
    /// Whether a STUN server is asked.
    public var asksSTUN = true
    /// How the relay is asked.
    public var relayAccess = RelayAccess.udp
    /// The password for the relay; nil for the one that the relay has.
    public var password: String?
    /// How long what the other side signals takes to get here.
    public var hearingDelay: Duration = .milliseconds(40)

    /// A side behind a port-restricted NAT.
    public init(_ place: String, nat: NATTable.Configuration = .portRestrictedCone) {
      (self.place, self.nat) = (place, nat)
    }
  }

  /// How a side asks the relay.
  public enum RelayAccess: Hashable, Sendable {
    /// Not at all.
    case none
    /// Over UDP.
    case udp
    /// Over UDP, and over TCP where no answer comes.
    case udpAndTCP
  }

  /// The relay, where there is one.
  public struct Relay: Hashable, Sendable {
    /// The firewall before it; nil for none.
    public var firewall: Firewall.Policy?
    /// Whether it refuses its own relayed addresses as peers.
    public var refusesItself = false

    /// A relay without a firewall, which refuses no peer of its own.
    public init() {}
  }

  /// What the signaling does.
  public enum Signaling: Hashable, Sendable {
    /// It passes on all signals.
    case faithful
    /// It loses the callee's candidates.
    case losesAnsweredCandidates
    /// It loses every offer but the first, and what belongs to it.
    case losesLaterOffers
    /// It passes on the first answer in place of every later one.
    case repeatsFirstAnswer
  }

  /// Where the caller is.
  public var alice: Side
  /// Where the callee is.
  public var bob: Side
  /// The NAT that both routers are behind; nil for none.
  public var carrier: NATTable.Configuration?
  /// The relay; nil for none.
  public var relay: Relay?
  /// The size of the datagrams with the picture, behind the first word; nil if there is no picture.
  public var pictureDatagramSize: Int?
  /// Whether another STUN server is asked than the usual one.
  public var asksOtherSTUN = false
  /// When candidates are signaled.
  public var tricklesCandidates = true
  /// What the signaling does.
  public var signaling = Signaling.faithful
  /// How long the agents try (RFC 8863 §4).
  public var patience = ICEConstants.patience
  /// Whether Alice leaves her network ten seconds after the call has begun, for that of a cell.
  public var hasMove = false

  /// Two sides, and a relay unless it is said.
  public init(alice: Side, bob: Side, relay: Relay? = Relay()) {
    (self.alice, self.bob, self.relay) = (alice, bob, relay)
  }
}
