public import TransportAddress

/// One of the attributes that SDP has for ICE: a line `a=…` (RFC 8839 §5).
///
/// ```
/// a=ice-ufrag:8hhY                      usernameFragment
/// a=ice-pwd:asd88fgpdd777uzjYhagZg      password
/// a=ice-options:ice2 trickle            options
/// a=ice-lite                            lite
/// a=ice-mismatch                        mismatch
/// a=ice-pacing:50                       pacing
/// a=candidate:1 1 UDP 2130706431 …      candidate
/// a=remote-candidates:1 192.0.2.3 4500  remoteCandidates
/// a=end-of-candidates                   endOfCandidates
/// ```
public enum ICEAttribute: Hashable, Sendable {
  /// `ice-ufrag`: the sender's username fragment (RFC 8839 §5.4).
  case usernameFragment(String)
  /// `ice-pwd`: the sender's password (RFC 8839 §5.4).
  case password(String)
  /// `ice-options`: what the sender supports, such as `ice2` or `trickle` (RFC 8839 §5.6).
  case options([String])
  /// `ice-lite`: the sender is a lite implementation (RFC 8839 §5.3).
  case lite
  /// `ice-mismatch`: the offer's default destination was none of its candidates (RFC 8839 §5.3).
  case mismatch
  /// `ice-pacing`: the Ta that the sender wants, in milliseconds (RFC 8839 §5.5).
  case pacing(milliseconds: UInt64)
  /// `candidate` (RFC 8839 §5.1).
  case candidate(CandidateAttribute)
  /// `remote-candidates`: the controlling agent's selected pairs (RFC 8839 §5.2).
  case remoteCandidates([RemoteCandidate])
  /// `end-of-candidates`: the generation's last candidate has been signaled (RFC 8840 §8).
  case endOfCandidates

  /// The remote candidate of a component's selected pair.
  public struct RemoteCandidate: Hashable, Sendable {
    /// The component.
    public var component: ComponentID
    /// The address and port, the peer's.
    public var address: TransportAddress

    /// A remote candidate of a component.
    public init(component: ComponentID, address: TransportAddress) {
      self.component = component
      self.address = address
    }
  }
}

extension ICEAttribute: CustomStringConvertible {
  /// The line without its end: `a=ice-ufrag:8hhY`.
  public var description: String {
    switch self {
    case .usernameFragment(let text): "a=ice-ufrag:\(text)"
    case .password(let text): "a=ice-pwd:\(text)"
    case .options(let tags): "a=ice-options:\(tags.joined(separator: " "))"
    case .lite: "a=ice-lite"
    case .mismatch: "a=ice-mismatch"
    case .pacing(let milliseconds): "a=ice-pacing:\(milliseconds)"
    case .candidate(let candidate): "a=\(candidate)"
    case .remoteCandidates(let list):
      "a=remote-candidates:"
        + list.map { "\($0.component) \($0.address.address) \($0.address.port)" }
        .joined(separator: " ")
    case .endOfCandidates: "a=end-of-candidates"
    }
  }
}
