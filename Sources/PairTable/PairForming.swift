import ICE

/// The RFC's steps: forming, ordering, pruning, the limit and the first states (RFC 8445 §6.1.2).
struct PairForming {
  let offer: SignaledSide
  let answer: SignaledSide
  let side: PairTable.Side
  let role: AgentRole

  /// The pairs of each data stream of the offer, in order; none where it has no checklist.
  private(set) var drafts: [[PairDraft]] = []

  init(offer: SignaledSide, answer: SignaledSide, side: PairTable.Side, role: AgentRole, limit: Int)
  {
    (self.offer, self.answer, self.side, self.role) = (offer, answer, side, role)
    for index in offer.description.streams.indices {
      drafts.append(use(of: index) == .own ? pairs(ofStream: index) : [])
    }
    applyLimit(limit)
  }

  /// Whether a stream of the offer has a checklist of its own.
  func use(of index: Int) -> PairTable.Use {
    let answered = answer.description.streams
    guard index < answered.count else { return .unanswered }
    if answered[index].port == 0 { return .rejected }
    let offered = offer.description.streams
    guard let mid = offered[index].mid,
      let group = answer.bundles.first(where: { $0.contains(mid) }), let first = group.first,
      let leader = offered.firstIndex(where: { $0.mid == first }), leader != index
    else { return .own }
    return .bundled(into: leader)
  }

  /// The candidates of a stream that one side has, by component.
  func rows(ofStream index: Int, of side: PairTable.Side) -> [ComponentID: [CandidateRow]] {
    let signaled = side == .offerer ? offer : answer
    guard index < signaled.description.streams.count else { return [:] }
    var rows: [ComponentID: [CandidateRow]] = [:]
    for candidate in signaled.description.streams[index].candidates {
      let number = rows[candidate.component, default: []].count + 1
      rows[candidate.component, default: []].append(
        CandidateRow(candidate, number: number, formula: signaled.formula))
    }
    return rows
  }

  private func pairs(ofStream index: Int) -> [PairDraft] {
    let local = rows(ofStream: index, of: side)
    let remote = rows(ofStream: index, of: side.other)
    var drafts: [PairDraft] = []
    for (component, own) in local {
      for one in own {
        for other in remote[component] ?? [] { drafts.append(PairDraft(one, other, role: role)) }
      }
    }
    drafts.sort { PairDraft.precedes($0, $1, role: role) }
    drafts.prune()
    return drafts
  }

  /// Takes the lowest pair of the longest checklist out while there are too many.
  private mutating func applyLimit(_ limit: Int) {
    var counts = drafts.map { $0.count(where: \.isKept) }
    while counts.reduce(0, +) > limit,
      let longest = counts.indices.max(by: { counts[$0] <= counts[$1] }),
      let lowest = drafts[longest].lastIndex(where: \.isKept)
    {
      drafts[longest][lowest].state = .overLimit
      counts[longest] -= 1
    }
  }

  /// The pairs that wait at first: for each foundation that of the lowest component, of the highest
  /// priority, in the first checklist that has it (RFC 8445 §6.1.2.6).
  func waiting(inStream stream: Int) -> Set<Int> {
    var first: [CandidatePair.Foundation: (stream: Int, index: Int)] = [:]
    for (number, list) in drafts.enumerated() {
      for (index, draft) in list.enumerated() where draft.isKept {
        guard let rival = first[draft.foundation] else {
          first[draft.foundation] = (number, index)
          continue
        }
        if rival.stream == number, draft.component < list[rival.index].component {
          first[draft.foundation] = (number, index)
        }
      }
    }
    return Set(first.values.filter { $0.stream == stream }.map(\.index))
  }
}

extension PairTable {
  /// A data stream with its components.
  static func stream(_ index: Int, of forming: PairForming, limit: Int) -> Stream {
    let offered = forming.offer.description.streams[index]
    var stream = Stream(
      media: offered.media, mid: offered.mid, use: forming.use(of: index), components: [],
      warnings: [])
    guard stream.use == .own else { return stream }
    stream.warnings = warnings(index, forming)

    let local = forming.rows(ofStream: index, of: forming.side)
    let remote = forming.rows(ofStream: index, of: forming.side.other)
    let combinations = Self.combinations(index, of: forming, limit: limit)
    for id in Set(local.keys).union(remote.keys).sorted() {
      stream.components.append(
        Component(
          id: id, local: local[id] ?? [], remote: remote[id] ?? [],
          combinations: combinations[id] ?? []))
    }
    return stream
  }

  /// The combinations of a stream with their verdicts, by component.
  private static func combinations(
    _ index: Int, of forming: PairForming, limit: Int
  ) -> [ComponentID: [Combination]] {
    let drafts = forming.drafts[index]
    let waiting = forming.waiting(inStream: index)
    var positions: [Int: Int] = [:]
    for place in drafts.indices where drafts[place].isKept {
      positions[place] = positions.count + 1
    }

    var combinations: [ComponentID: [Combination]] = [:]
    for (place, draft) in drafts.enumerated() {
      let verdict: PairVerdict =
        switch draft.state {
        case .formed:
          .checked(
            position: positions[place] ?? 0, waiting.contains(place) ? .waiting : .frozen,
            Outlook(from: draft.local, to: draft.remote))
        case .redundant(let rival, let base):
          // The better of the two may itself be over the limit.
          .pruned(positions[rival].map { .redundant(with: $0, base: base) } ?? .limit(limit))
        case .passive: .pruned(.passive)
        case .overLimit: .pruned(.limit(limit))
        case .impossible(let mismatch): .impossible(mismatch)
        }
      combinations[draft.component, default: []].append(
        Combination(
          local: draft.local.number, remote: draft.remote.number, priority: draft.priority,
          foundation: draft.foundation, verdict: verdict))
    }
    return combinations
  }

  private static func warnings(_ index: Int, _ forming: PairForming) -> [Warning] {
    var warnings: [Warning] = []
    for (side, signaled) in [(Side.offerer, forming.offer), (.answerer, forming.answer)] {
      let stream = signaled.description.streams[index]
      // Candidate lines alone have neither.
      guard !stream.media.isEmpty else { continue }
      if signaled.description.credentials(ofStream: index) == nil {
        warnings.append(.noCredentials(side))
      }
      if stream.hasDefaultCandidate == false, !stream.candidates.isEmpty {
        warnings.append(.mismatch(side))
      }
    }
    return warnings
  }
}
