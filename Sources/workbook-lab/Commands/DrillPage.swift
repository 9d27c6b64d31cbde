import Calls
import CommandOptions
import Drills
import ICE
import Lessons
import PairTable
import Terminal

/// What `drill` prints: the list, a drill, what can be looked at, and verdicts.
struct DrillPage {
  private let presentation: Presentation

  init(_ presentation: Presentation) {
    self.presentation = presentation
  }

  // MARK: - Drills

  /// All drills with what is solved.
  func list(_ progress: Progress) -> [StyledText] {
    let solved = Drill.all.count { progress.hasSolved(drill: $0.id) }
    var lines = [
      StyledText("Failed calls: say why", .heading, emphasis: .bold),
      StyledText("\(solved) of \(Drill.all.count) solved", .muted), "",
    ]
    let width = Drill.all.map(\.id.count).max() ?? 0
    for drill in Drill.all {
      let isSolved = progress.hasSolved(drill: drill.id)
      let state: (word: String, role: TextRole) =
        isSolved
        ? ("solved", .success)
        : progress.hasFoundCause(ofDrill: drill.id) ? ("cause found", .note) : ("open", .muted)
      let name = drill.id + String(repeating: " ", count: width - drill.id.count)
      lines += (StyledText(name, .key) + "  " + StyledText(state.word, state.role)).lines
      lines += StyledText(drill.report).wrapped(
        to: presentation.proseWidth, first: "    ", continuation: "    ")
    }
    lines += ["", "\("workbook drill NAME", .key) begins one."]
    return lines
  }

  /// A drill before anything was chosen.
  func opening(_ drill: Drill, _ run: SceneRun) -> [StyledText] {
    var lines = [StyledText("Drill \(drill.id)", .heading, emphasis: .bold)]
    lines += wrapped(StyledText("\"\(drill.report)\"", .quote))
    lines.append("")
    lines += wrapped(StyledText(drill.scene.setting))
    lines += wrapped(StyledText(run.outcome, .failure))
    return lines + [""] + causes(of: drill) + [""] + hint
  }

  /// What can be typed.
  var hint: [StyledText] {
    wrapped(
      StyledText("Look at ", .note) + StyledText("ladder", .key) + ", " + StyledText("log", .key)
        + ", " + StyledText("pairs", .key) + " (then alice or bob), " + StyledText("offer", .key)
        + ", " + StyledText("answer", .key) + ", " + StyledText("tables", .key) + ", "
        + StyledText("capture FILE", .key) + "; choose by a number; " + StyledText("quit", .key)
        + ".")
  }

  /// The causes to choose from.
  func causes(of drill: Drill) -> [StyledText] {
    [StyledText("Why does it fail?", .subheading)] + numbered(drill.causes.map(\.text))
  }

  /// The fixes to choose from.
  func fixes(of drill: Drill) -> [StyledText] {
    [StyledText("What makes it work?", .subheading)] + numbered(drill.fixes.map(\.text))
  }

  private func numbered(_ texts: [String]) -> [StyledText] {
    texts.enumerated().flatMap { index, text in
      StyledText(text).wrapped(
        to: presentation.proseWidth, first: StyledText("\(index + 1). ", .key),
        continuation: "   ")
    }
  }

  // MARK: - Verdicts

  /// Why a cause is the right one or a wrong one, with what shows it.
  func verdict(on cause: Drill.Cause, isRight: Bool, in run: SceneRun) -> [StyledText] {
    head(isRight ? "That is it." : "That is not it.", isRight, cause.reason)
      + cause.evidence.flatMap { $0.lines(in: run) ?? [] }.flatMap { line in
        wrapped(StyledText(line), indent: 2)
      }
  }

  /// What has become of the call with a fix.
  func verdict(on fix: Drill.Fix, isRight: Bool, _ run: SceneRun) -> [StyledText] {
    head(
      isRight ? "The call is made again, and works." : "The call is made again, and fails.",
      isRight, fix.reason)
      + wrapped(StyledText(run.outcome, isRight ? .success : .failure), indent: 2)
  }

  private func head(_ verdict: String, _ isRight: Bool, _ reason: String) -> [StyledText] {
    let symbols = presentation.symbols
    // In words the verdict says it itself.
    let sign = presentation.plain ? "" : (isRight ? symbols.success : symbols.failure) + " "
    return wrapped(
      StyledText(sign + verdict, isRight ? .success : .failure) + StyledText(" " + reason))
  }

  // MARK: - What can be looked at

  /// What a side could have seen of the call.
  func view(_ view: DrillView, of side: Call.Party, in run: SceneRun) -> [StyledText] {
    switch view {
    case .ladder:
      return titled("What \(side)'s host sent and received; what says the same stands once")
        + CapturedPackets.grouped(run.packets(of: side)).flatMap { packets in
          wrapped(StyledText(packets.line), indent: 0)
        }
    case .log:
      return titled("The log of \(side)'s app")
        + run.log(of: side).flatMap { wrapped(StyledText($0), indent: 0) }
    case .pairs: return pairs(of: side, in: run)
    case .offer: return description("offer", of: .alice, in: run)
    case .answer: return description("answer", of: .bob, in: run)
    case .tables:
      let tables = run.tables
      guard !tables.isEmpty else {
        return wrapped("None of the routers is one whose table you could get at.")
      }
      return titled("The UDP mappings of the routers that are yours, while the checks ran")
        + tables.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
          StyledText(String(line)).wrapped(to: presentation.width, continuation: "    ")
        }
    }
  }

  private func titled(_ title: String) -> [StyledText] {
    wrapped(StyledText(title, .subheading))
  }

  private func description(
    _ kind: String, of side: Call.Party, in run: SceneRun
  ) -> [StyledText] {
    guard let description = run.description(sentBy: side) else {
      return wrapped(StyledText("\(side) has signaled nothing."))
    }
    return titled("The last \(kind) as \(side) has signaled it, with all candidates")
      + Self.lines(of: description).flatMap { line in
        StyledText(line).wrapped(to: presentation.width, continuation: "    ")
      }
  }

  private func pairs(of side: Call.Party, in run: SceneRun) -> [StyledText] {
    guard let own = run.description(sentBy: side), let heard = run.description(heardBy: side)
    else { return wrapped(StyledText("\(side) has not heard of the other side's description.")) }
    let isOfferer = side == .alice
    do throws(SDPError) {
      let (own, heard) = (
        try SignaledSide(parsing: "\(own)"), try SignaledSide(parsing: "\(heard)")
      )
      let table = PairTable(
        offer: isOfferer ? own : heard, answer: isOfferer ? heard : own,
        side: isOfferer ? .offerer : .answerer)
      return titled("Of what \(side) has gathered, and has heard of the other side")
        + PairsPage(presentation).lines(of: table)
    } catch {
      // Descriptions are written by the agents themselves.
      return wrapped(StyledText("The descriptions cannot be read: \(error)"))
    }
  }

  private static func lines(of description: ICEDescription) -> [String] {
    "\(description)".split(whereSeparator: \.isNewline).map(String.init)
  }

  private func wrapped(_ text: StyledText, indent: Int? = nil) -> [StyledText] {
    let first = StyledText(String(repeating: " ", count: indent ?? 0))
    let rest = StyledText(String(repeating: " ", count: indent.map { $0 + 4 } ?? 0))
    let width = indent == nil ? presentation.proseWidth : presentation.width
    return presentation.prepared(text).wrapped(to: width, first: first, continuation: rest)
  }
}

extension Scene {
  /// Who calls from where, and which servers the apps ask.
  var setting: String {
    let (hers, his) = (alice.servers(relay), bob.servers(relay))
    return "Alice calls from behind '\(alice.place)', Bob is behind '\(bob.place)'. "
      + (hers == his ? "Their apps ask \(hers)." : "Her app asks \(hers), his \(his).")
  }
}

extension Scene.Side {
  fileprivate func servers(_ relay: Scene.Relay?) -> String {
    let stun = asksSTUN ? "a STUN server" : "no STUN server"
    let relay =
      switch relay == nil ? .none : relayAccess {
      case .none: "no relay"
      case .udp: "a relay over UDP"
      case .udpAndTCP: "a relay over UDP and TCP"
      }
    return "\(stun) and \(relay)"
  }
}
