/// How a link loses packets.
public enum Loss: Hashable, Sendable {
  /// It loses none.
  case none
  /// It loses each packet with the same probability, whatever became of those before.
  case independent(Double)
  /// It is in a good or a bad state, and loses packets in bursts (Gilbert 1960, Elliott 1963).
  ///
  ///        1 − toBad           1 − toGood
  ///          ┌──┐    toBad       ┌──┐
  ///          ▼  │ ──────────────▶│  ▼
  ///          good                bad
  ///          loss: inGood ◀───── loss: inBad
  ///                      toGood
  ///
  /// Before each packet the link changes its state with the probability on the arrow, and then loses
  /// the packet with the probability of the state. It begins in the good state.
  case gilbertElliott(toBad: Double, toGood: Double, inGood: Double = 0, inBad: Double = 1)

  /// The share of packets that is lost in the long run.
  public var rate: Double {
    switch self {
    case .none: 0
    case .independent(let probability): probability
    case .gilbertElliott(let toBad, let toGood, let inGood, let inBad):
      // The chain spends toBad / (toBad + toGood) of its time in the bad state.
      toBad + toGood == 0 ? inGood : (toGood * inGood + toBad * inBad) / (toBad + toGood)
    }
  }

  /// Every probability in it, for those that check them.
  var probabilities: [Double] {
    switch self {
    case .none: []
    case .independent(let probability): [probability]
    case .gilbertElliott(let toBad, let toGood, let inGood, let inBad):
      [toBad, toGood, inGood, inBad]
    }
  }
}
