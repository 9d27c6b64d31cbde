public import ICE
public import Simulator

/// A call that is to be made between two hosts of a drawn network, and what befalls its signals.
///
/// ``Call`` draws a network of two sites and two servers itself; with a plan the network is the caller's
/// own, and each side may ask other servers.
public struct CallPlan: Sendable {
  /// A side of the call.
  public struct Side: Sendable {
    /// Its host; the agent's ports there must be free.
    public var host: HostID
    /// The servers that it asks for candidates.
    public var servers: CallServers
    /// Its first role; nil for that of its side.
    public var role: AgentRole?
    /// The agent's configuration.
    public var configuration = ICEConfiguration()
    /// The path of what the other side signals to it.
    public var hearing = SignalingPath()

    /// A side with the usual path and configuration.
    public init(on host: HostID, asking servers: CallServers) {
      (self.host, self.servers) = (host, servers)
    }
  }

  /// What becomes of a signal on its way: the signal that arrives in its place, or nil where none does.
  ///
  /// It is given the sender, the signal, and what was sent before it.
  public typealias Alteration = @Sendable (Call.Party, Signal, [SentSignal]) -> Signal?

  /// The caller.
  public var alice: Side
  /// The callee.
  public var bob: Side
  /// Whether an agent restarts when the other's consent has expired (RFC 7675 §5.1).
  ///
  /// Without it that is the end of a call, as with applications that only say so.
  public var restartsWhenLost = false
  /// When candidates are signaled.
  public var trickling = Trickling.full
  /// Decides the credentials and what happens to signals by chance.
  public var seed: UInt64 = 1
  /// What becomes of signals; nil if all arrive as they were sent.
  public var alteration: Alteration?

  /// A call that trickles over a path that alters nothing.
  public init(alice: Side, bob: Side) {
    (self.alice, self.bob) = (alice, bob)
  }
}
