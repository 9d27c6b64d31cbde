public import ICE

/// What two agents make of each other's candidates, before any packet: the checklists, in order, and
/// why everything else is not in them (RFC 8445 §6.1.2).
///
/// Both agents compute the same priorities and so the same order; each prunes by its own bases. So a
/// table is one side's.
public struct PairTable: Hashable, Sendable {
  /// Whose checklists these are.
  public enum Side: Hashable, Sendable, CaseIterable {
    /// The one that made the offer.
    case offerer
    /// The one that answered it.
    case answerer
  }

  /// Whose checklists these are.
  public let side: Side
  /// The role of that side (RFC 8445 §6.1.1).
  public let role: AgentRole
  /// The data streams of the offer, in order.
  public let streams: [Stream]

  /// A data stream of the offer.
  public struct Stream: Hashable, Sendable {
    /// Its `m=` line behind the `=`; empty where candidate lines stand alone.
    public var media: String
    /// Its name; nil if it has none.
    public var mid: String?
    /// Whether it has a checklist.
    public var use: Use
    /// Its components, by ID; none where it has no checklist.
    public var components: [Component]
    /// What keeps its checks from working, though there are pairs.
    public var warnings: [Warning]
  }

  /// Whether a stream has a checklist of its own.
  public enum Use: Hashable, Sendable {
    /// It has.
    case own
    /// It shares the transport of the stream with this index (RFC 9143 §7.2).
    case bundled(into: Int)
    /// The answer has it with port 0 (RFC 3264 §6).
    case rejected
    /// The answer does not have it.
    case unanswered
  }

  /// What a description lacks.
  public enum Warning: Hashable, Sendable {
    /// No username fragment and password: no check can be made (RFC 8839 §5.4).
    case noCredentials(Side)
    /// The default destination is none of its candidates: something on the way has changed the
    /// description (RFC 8839 §4.2.5).
    case mismatch(Side)
  }

  /// A component of a data stream.
  public struct Component: Hashable, Sendable {
    /// Its ID.
    public var id: ComponentID
    /// The candidates of the table's side.
    public var local: [CandidateRow]
    /// The candidates of the other side.
    public var remote: [CandidateRow]
    /// Every local candidate with every remote one, by priority.
    public var combinations: [Combination]

    /// The pairs of the checklist, in order.
    public var checklist: [Combination] {
      combinations.filter { if case .checked = $0.verdict { true } else { false } }
    }

    /// Whether a pair may work.
    public var hasHope: Bool {
      combinations.contains {
        if case .checked(_, _, let outlook) = $0.verdict { outlook.isPossible } else { false }
      }
    }
  }

  /// Two candidates of a component.
  public struct Combination: Hashable, Sendable {
    /// The number of the local candidate.
    public var local: Int
    /// The number of the remote candidate.
    public var remote: Int
    /// The priority that the pair has, or would have (RFC 8445 §6.1.2.3).
    public var priority: UInt64
    /// The foundations of both.
    public var foundation: CandidatePair.Foundation
    /// What becomes of them.
    public var verdict: PairVerdict
  }

  /// The table of one side.
  ///
  /// - Parameter limit: the most pairs of all checklists together (RFC 8445 §6.1.2.5).
  /// - Complexity: O(l · r · log(l · r)) for l local and r remote candidates.
  public init(
    offer: SignaledSide, answer: SignaledSide, side: Side = .offerer,
    limit: Int = ICEConstants.pairLimit
  ) {
    self.side = side
    // The initiating agent controls, unless it alone is lite (RFC 8445 §6.1.1).
    let isOffererControlling = !offer.description.isLite || answer.description.isLite
    role = (side == .offerer) == isOffererControlling ? .controlling : .controlled
    let forming = PairForming(
      offer: offer, answer: answer, side: side, role: role, limit: limit)
    streams = offer.description.streams.indices.map {
      Self.stream($0, of: forming, limit: limit)
    }
  }

  /// Whether every component that both sides have candidates for has a pair that may work, and there
  /// is such a component.
  public var hasHope: Bool {
    let components = streams.flatMap(\.components)
      .filter { !$0.local.isEmpty && !$0.remote.isEmpty }
    return !components.isEmpty && components.allSatisfy(\.hasHope)
  }
}

extension PairTable.Side: CustomStringConvertible {
  /// `offerer` or `answerer`.
  public var description: String { self == .offerer ? "offerer" : "answerer" }

  /// The other one.
  public var other: PairTable.Side { self == .offerer ? .answerer : .offerer }
}

extension PairTable.Warning: CustomStringConvertible {
  /// The warning as a sentence.
  public var description: String {
    switch self {
    case .noCredentials(let side):
      "the \(side) has no ice-ufrag and ice-pwd: no check can be made (RFC 8839 §5.4)"
    case .mismatch(let side):
      "the default destination of the \(side) is none of its candidates: something on the way has "
        + "changed the description (RFC 8839 §4.2.5)"
    }
  }
}
