public import IPPacket
import SansIO

/// What the table wants its driver to do besides forwarding.
extension NATTable {
  /// One thing for the driver to do.
  public enum Action: Hashable, Sendable {
    /// Send this ICMP error to the outside.
    case send(Packet)
    /// The first fragment has come: offer the fragments that are held for the token again.
    case offerAgain(HoldToken)
    /// The first fragment did not come in time: discard the fragments that are held for the token.
    case discard(HoldToken)
  }

  /// Whether ``nextAction()`` has something.
  package var hasActions: Bool { !actions.isEmpty }

  /// The next thing to do; nil if there is nothing.
  ///
  /// To be called until it gives nil, after each packet and each ``expire(at:)``.
  /// - Complexity: O(1) on average.
  public mutating func nextAction() -> Action? {
    if actions.isEmpty { return nil }
    makeUnique()
    let action = actions.next()
    if case .send = action { answerCount -= 1 }
    return action
  }
}
