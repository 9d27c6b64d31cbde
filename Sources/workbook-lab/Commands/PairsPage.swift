import ICE
import PairTable
import Terminal

/// What `pairs` prints: for each component the candidates, the checklist, and what is not in it.
struct PairsPage {
  private let presentation: Presentation

  init(_ presentation: Presentation) {
    self.presentation = presentation
  }

  func lines(of table: PairTable) -> [StyledText] {
    var lines = wrapped(
      StyledText("The checklists of the \(table.side), which is \(table.role)", .heading))
    for (index, stream) in table.streams.enumerated() {
      lines.append("")
      lines += self.lines(of: stream, number: index, in: table)
    }
    if !table.hasHope {
      lines.append("")
      lines += wrapped(StyledText("No pair can work: ICE fails without a relay.", .failure))
    }
    return lines
  }

  private func lines(
    of stream: PairTable.Stream, number: Int, in table: PairTable
  ) -> [StyledText] {
    let name = stream.mid.map { " (mid \($0))" } ?? ""
    let media = stream.media.split(separator: " ").first.map { ": \($0)" } ?? ""
    var lines = wrapped(StyledText("Data stream \(number)\(media)\(name)", .heading))
    switch stream.use {
    case .own: break
    case .bundled(let leader):
      return lines + wrapped("goes over the transport of data stream \(leader) (RFC 9143 §7.2)")
    case .rejected: return lines + wrapped("is refused: the answer has port 0 (RFC 3264 §6)")
    case .unanswered: return lines + wrapped("has no part in the answer")
    }
    for warning in stream.warnings { lines += wrapped(StyledText("\(warning)", .failure)) }
    if stream.components.isEmpty { lines += wrapped("neither side has a candidate") }
    for component in stream.components {
      lines.append("")
      lines += self.lines(of: component, in: table)
    }
    return lines
  }

  private func lines(of component: PairTable.Component, in table: PairTable) -> [StyledText] {
    var lines: [StyledText] = []
    for (side, letter, rows) in [
      (table.side, "L", component.local), (table.side.other, "R", component.remote),
    ] {
      guard let formula = rows.first?.formula else {
        lines += wrapped("Component \(component.id): the \(side) has no candidate for it")
        continue
      }
      lines += wrapped(
        StyledText(
          "Component \(component.id), candidates of the \(side); priorities by \(formula)", .label))
      lines += candidates(rows, letter)
      lines.append("")
    }
    guard !component.combinations.isEmpty else { return lines }
    lines += wrapped(StyledText("Checklist", .label))
    lines += checklist(component)
    lines += left(component)
    return lines
  }

  // MARK: - Candidates

  private func candidates(_ rows: [CandidateRow], _ letter: String) -> [StyledText] {
    TextTable(
      columns: [
        .init("name"), .init("candidate"), .init("foundation"), .init("priority", .trailing),
        .init("type"), .init("local preference"),
      ],
      rows: rows.map { row in
        let type = row.typeMeaning ?? "not of this formula"
        let local = row.localMeaning ?? "\(row.terms.localPreference)"
        let other = row.hasOtherComponent ? "; lowest byte of component \(row.terms.component)" : ""
        return [
          StyledText("\(letter)\(row.number)", .label), StyledText(words(of: row)),
          StyledText("\(row.attribute.foundation)"), StyledText("\(row.attribute.priority)"),
          StyledText("\(row.terms.typePreference): \(type)"), StyledText(local + other),
        ]
      }
    ).lines(presentation)
  }

  private func words(of row: CandidateRow) -> String {
    var words = "\(row.place) \(row.attribute.type.token)"
    if row.attribute.transport != .udp { words += " \(row.attribute.transport)" }
    if let type = row.attribute.tcpType { words += " \(type.rawValue)" }
    switch row.base {
    case .itself: break
    case .told(let base): words += " of \(base)"
    case .hidden: words += ", base hidden"
    }
    return words
  }

  // MARK: - Pairs

  private func checklist(_ component: PairTable.Component) -> [StyledText] {
    let list = component.checklist
    guard !list.isEmpty else { return wrapped("is empty") }
    return TextTable(
      columns: [
        .init("place", .trailing), .init("pair"), .init("priority", .trailing), .init("state"),
        .init("what the addresses tell"),
      ],
      rows: list.compactMap { pair in
        guard case .checked(let position, let state, let outlook) = pair.verdict else { return nil }
        let (local, remote) = (
          component.local[pair.local - 1], component.remote[pair.remote - 1]
        )
        let types = "\(local.attribute.type.token) to \(remote.attribute.type.token)"
        return [
          StyledText("\(position)", .label), StyledText("\(names(pair)) \(types)"),
          StyledText("\(pair.priority)"), StyledText("\(state) \(pair.foundation)"),
          StyledText("\(outlook)", outlook.isPossible ? .plain : .failure),
        ]
      }
    ).lines(presentation)
  }

  /// What is not in the checklist, by the reason, in the order in which each comes first.
  private func left(_ component: PairTable.Component) -> [StyledText] {
    var lines: [StyledText] = []
    for (title, reason) in [
      ("Pruned", prunedReason), ("No pair", mismatchReason),
    ] as [(String, (PairVerdict) -> String?)] {
      var pairs: [(reason: String, names: [String])] = []
      for pair in component.combinations {
        guard let reason = reason(pair.verdict) else { continue }
        if let index = pairs.firstIndex(where: { $0.reason == reason }) {
          pairs[index].names.append(names(pair))
        } else {
          pairs.append((reason, [names(pair)]))
        }
      }
      guard !pairs.isEmpty else { continue }
      lines += ["", StyledText(title, .label)]
      for (reason, names) in pairs {
        lines += wrapped("\(names.joined(separator: ", ")): \(reason)")
      }
    }
    return lines
  }

  private func prunedReason(_ verdict: PairVerdict) -> String? {
    if case .pruned(let reason) = verdict { "\(reason)" } else { nil }
  }

  private func mismatchReason(_ verdict: PairVerdict) -> String? {
    if case .impossible(let mismatch) = verdict { "\(mismatch)" } else { nil }
  }

  private func names(_ pair: PairTable.Combination) -> String { "L\(pair.local)-R\(pair.remote)" }

  private func wrapped(_ text: StyledText) -> [StyledText] {
    presentation.prepared(text).wrapped(to: presentation.proseWidth)
  }

  private func wrapped(_ text: String) -> [StyledText] { wrapped(StyledText(text)) }
}
