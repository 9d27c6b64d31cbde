/// When agents signal the candidates that they gather (RFC 8838).
///
/// ```
/// full   caller:  offer ─ host ─ srflx ─ relay      callee:  answer ─ host ─ srflx ─ relay
/// half   caller:  …gathers… [offer host srflx relay]  callee:  answer ─ host ─ srflx ─ relay
/// none   caller:  …gathers… [offer host srflx relay]  callee:  …gathers… [answer host srflx relay]
/// ```
public enum Trickling: String, Hashable, Sendable, CaseIterable {
  /// Both at once, each as soon as it is found.
  case full
  /// The caller all of them with its offer, which any callee understands, the callee at once
  /// (RFC 8838 §16).
  case half
  /// Both all of them, with the offer and the answer (RFC 8445 §5).
  case none

  /// Whether a side signals its candidates as it finds them.
  func isUsed(by party: AgentEndpoint.Party) -> Bool {
    switch (self, party) {
    case (.full, _), (.half, .callee): true
    case (.half, .caller), (.none, _): false
    }
  }
}
