import Capture
import STUNCodec
public import Terminal

/// What a capture means, and the ladder of its transactions.
public enum SummaryPage {
  /// The summary: counts, conclusions, pairs, allocations.
  public static func lines(
    of summary: CaptureSummary, _ presentation: Presentation
  ) -> [StyledText] {
    let report = summary.report
    var lines = [StyledText("Summary", .heading, emphasis: .bold), ""]
    lines += wrapped(StyledText(counts(summary)), presentation)
    if !report.conclusions.isEmpty {
      lines.append("")
      for conclusion in report.conclusions {
        lines += wrapped(
          StyledText("\(presentation.symbols.warning) ", .warning)
            + StyledText(conclusion.message) + frames(conclusion.frames), presentation)
      }
    }
    for gap in summary.gaps {
      lines += wrapped(
        StyledText("\(presentation.symbols.note) ", .note) + StyledText(text(of: gap)),
        presentation)
    }
    if let torn = summary.tornEnd {
      lines += wrapped(
        DecodePage.problem("the capture ends in the middle: \(torn)", presentation), presentation)
    }
    if !report.pairs.isEmpty {
      lines += ["", StyledText("Who asked whom", .subheading)]
      for pair in report.pairs {
        lines += item(text(of: pair, summary.timeLine, presentation), presentation)
      }
    }
    if !report.allocations.isEmpty {
      lines += ["", StyledText("Allocations", .subheading)]
      for allocation in report.allocations {
        lines += item(text(of: allocation, summary.timeLine, presentation), presentation)
      }
    }
    return lines
  }

  /// The last lines: how much there was, and what could not be read.
  public static func footer(
    of summary: CaptureSummary, _ presentation: Presentation
  ) -> [StyledText] {
    let reasons = summary.unread.map { (count: $0.value, name: "\($0.key)") }.sorted {
      ($1.count, $0.name) < ($0.count, $1.name)
    }
    let unread =
      summary.unreadFrameCount == 0
      ? ""
      : "; \(plural(summary.unreadFrameCount, "frame")) not read: "
        + reasons.prefix(6).map { "\($0.count) \($0.name)" }.joined(separator: ", ")
        + (reasons.count > 6 ? " and more" : "")
    return StyledText(
      "\(plural(summary.frameCount, "frame")), \(plural(summary.messageCount, "message")), "
        + plural(summary.transactions.count, "transaction") + unread, .muted
    ).wrapped(to: presentation.width, continuation: "    ")
  }

  // MARK: - Sentences

  private static func counts(_ summary: CaptureSummary) -> String {
    let counts = summary.report.counts
    guard counts.transactions > 0 else {
      return "No transaction, \(plural(summary.messageCount, "message"))."
    }
    var parts: [String] = []
    if counts.succeeded > 0 { parts.append("\(counts.succeeded) succeeded") }
    if counts.refused > 0 {
      let codes = summary.report.errorCodes.map { "\($0.code.rawValue) \(times($0.count))" }
      parts.append(
        "\(counts.refused) got an error"
          + (codes.isEmpty ? "" : " (\(codes.joined(separator: ", ")))"))
    }
    if counts.unanswered > 0 { parts.append("\(counts.unanswered) got no answer") }
    if counts.cutOff > 0 {
      parts.append("\(counts.cutOff) began too late to be answered in the capture")
    }
    return "\(plural(counts.transactions, "transaction")): \(parts.joined(separator: ", "))."
  }

  private static func times(_ count: Int) -> String {
    count == 1 ? "once" : count == 2 ? "twice" : "\(count) times"
  }

  private static func plural(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func frames(_ frames: [Int]) -> StyledText {
    let shown = frames.prefix(8).map(String.init).joined(separator: ", ")
    let more = frames.count > 8 ? " and \(frames.count - 8) more" : ""
    return StyledText(" (\(frames.count == 1 ? "frame" : "frames") \(shown)\(more))", .muted)
  }

  private static func text(of gap: StreamGap) -> String {
    let missing =
      gap.missingByteCount == 0
      ? "" : "\(bytes(gap.missingByteCount)) of the TCP stream are missing"
    let skipped =
      gap.skippedByteCount == 0 ? "" : "\(bytes(gap.skippedByteCount)) could not be read"
    let both = [missing, skipped].filter { !$0.isEmpty }.joined(separator: ", ")
    return "before frame \(gap.frameNumber), from \(gap.source) to \(gap.destination): \(both)"
  }

  private static func bytes(_ count: Int) -> String { plural(count, "byte") }

  private static func text(
    of pair: PairSummary, _ timeLine: TimeLine, _ presentation: Presentation
  ) -> StyledText {
    var parts = ["\(pair.methods.joined(separator: ", "))\(pair.isTCP ? " over TCP" : "")"]
    parts.append("\(pair.sentCount) sent")
    parts.append("\(pair.answeredCount) of \(pair.transactionCount) answered")
    if let trips = pair.roundTrips {
      let shortest = milliseconds(trips.lowerBound)
      let longest = milliseconds(trips.upperBound)
      parts.append(
        shortest == longest ? "round trip \(longest)" : "round trip \(shortest) to \(longest)")
    }
    if !pair.errorCodes.isEmpty {
      parts.append("errors \(pair.errorCodes.map(String.init).joined(separator: ", "))")
    }
    for (meaning, frames) in pair.icmpErrors.sorted(by: { $0.key < $1.key }) {
      parts.append("ICMP \(meaning) \(times(frames.count))")
    }
    if let frame = pair.nominatedFrame { parts.append("nominated in frame \(frame)") }
    if let frame = pair.lastResponseFrame, let time = pair.lastResponseTime {
      parts.append("last response in frame \(frame), \(timeLine.text(time))")
    }
    if let relay = pair.relay { parts.append("through the relay \(relay)") }
    return StyledText("\(pair.client) ") + StyledText(presentation.symbols.rightArrow, .key)
      + StyledText(" \(pair.server): \(parts.joined(separator: "; "))")
  }

  private static func text(
    of allocation: AllocationSummary, _ timeLine: TimeLine, _ presentation: Presentation
  ) -> StyledText {
    var parts: [String] = []
    switch allocation.end {
    case .notMade: parts.append("none was made")
    case .open, .deleted:
      parts.append(
        allocation.relayedAddress.map { "relayed address \($0)" }
          ?? "made before the capture begins")
    }
    if let mapped = allocation.mappedAddress { parts.append("mapped address \(mapped)") }
    if case .deleted(let frame) = allocation.end {
      parts.append("deleted in frame \(frame)")
    } else if let lifetime = allocation.lifetime {
      parts.append("lifetime \(lifetime) s")
    }
    if !allocation.permissions.isEmpty {
      parts.append(
        "permissions for " + allocation.permissions.map { "\($0)" }.joined(separator: ", "))
    }
    for (channel, peer) in allocation.channels.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      parts.append("channel \(channel) to \(peer)")
    }
    if allocation.sentCount + allocation.receivedCount > 0 {
      parts.append(
        "\(allocation.sentCount) messages with data sent, \(allocation.receivedCount) received")
    }
    for code in Set(allocation.refusals.map(\.code)).sorted(by: { $0.rawValue < $1.rawValue }) {
      let refusals = allocation.refusals.filter { $0.code == code }
      let methods = Set(refusals.map(\.methodName)).sorted().joined(separator: ", ")
      parts.append("\(methods) refused \(times(refusals.count)) with \(code)")
    }
    return StyledText("\(allocation.client) at \(allocation.server): ")
      + StyledText(parts.joined(separator: "; "))
  }

  // MARK: - The ladder

  /// Each transaction as an arrow there and an arrow back, in the order of time, and what relays
  /// carried.
  public static func ladder(
    of summary: CaptureSummary, _ presentation: Presentation
  ) -> [StyledText] {
    guard !summary.transactions.isEmpty || !summary.runs.isEmpty else { return [] }
    let right = StyledText(presentation.symbols.rightArrow, .key)
    let left = StyledText(presentation.symbols.leftArrow, .key)
    // What relays carry stands before the transactions inside.
    var rungs: [(time: Int64, frame: Int, text: StyledText)] = summary.runs.map {
      ($0.firstTime, $0.firstFrame, text(of: $0, right, left))
    }
    for transaction in summary.transactions {
      let relay = transaction.relay.map { " through \($0)" } ?? ""
      let client = StyledText("\(transaction.client) ")
      for (index, time) in transaction.requestTimes.enumerated() {
        rungs.append(
          (
            time, transaction.requestFrames[index],
            client + right
              + StyledText(" \(transaction.server)  \(transaction.methodName) request\(relay)")
              + StyledText(
                index == 0 && transaction.facts.nominates ? ", nominating" : "", .note)
              + StyledText(index == 0 ? "" : ", sent again (\(index))", .warning)
              + StyledText(
                transaction.hasChanged && index > 0 ? ", with other bytes" : "", .failure)
              + StyledText(index == 0 ? duplicates(transaction) : "", .muted)
          ))
      }
      for error in transaction.icmpErrors {
        rungs.append(
          (
            error.time, error.frame,
            client + left
              + StyledText(" \(error.reporter)  ICMP: ") + StyledText(error.meaning, .warning)
          ))
      }
      if let time = transaction.responseTime, let frame = transaction.responseFrame {
        rungs.append((time, frame, client + left + answer(transaction, relay)))
      } else {
        rungs.append(
          (
            transaction.requestTimes.last ?? 0, transaction.requestFrames.last ?? 0,
            client
              + StyledText(
                transaction.endsWithCapture
                  ? "the capture ends before an answer could come to \(transaction.id)"
                  : "no answer to \(transaction.id)", .warning)
          ))
      }
    }
    // Equal times keep their order, for sorting here is stable.
    let sorted = rungs.sorted { $0.time < $1.time }
    return [StyledText("Transactions", .heading, emphasis: .bold), ""]
      + sorted.flatMap { rung in
        (StyledText(summary.timeLine.text(rung.time) + "  ", .muted) + rung.text).wrapped(
          to: presentation.width, continuation: "      ")
      }
  }

  private static func duplicates(_ transaction: TransactionSummary) -> String {
    guard !transaction.duplicateFrames.isEmpty else { return "" }
    let frames = transaction.duplicateFrames.prefix(4).map(String.init).joined(separator: ", ")
    return ", recorded again in frame \(frames)"
      + (transaction.duplicateFrames.count > 4 ? " and more" : "")
  }

  private static func answer(_ transaction: TransactionSummary, _ relay: String) -> StyledText {
    let trip = transaction.roundTripTime.map { " after \(milliseconds($0))" } ?? ""
    let source = transaction.responseSource ?? transaction.server
    var text = StyledText(
      " \(source)  \(transaction.methodName) \(transaction.outcome)\(trip)\(relay)")
    if transaction.isAsymmetric {
      text = text + StyledText(", from an address that was not asked", .failure)
    }
    if transaction.isWithoutRequest {
      text = text + StyledText(", its request is not in the capture", .warning)
    } else if transaction.isOutOfOrder {
      text = text + StyledText(", recorded before its request", .warning)
    }
    return text
  }

  private static func text(
    of run: TransactionTracker.Run, _ right: StyledText, _ left: StyledText
  ) -> StyledText {
    let peer = run.peer.map { run.isOutgoing ? " to \($0)" : " from \($0)" } ?? ""
    let channel = run.channel.map { " \($0)" } ?? ""
    return StyledText("\(run.client) ") + (run.isOutgoing ? right : left)
      + StyledText(" \(run.relay)  \(run.name)\(channel)\(peer)")
      + StyledText(
        run.count == 1 ? "" : ", \(run.count) of them up to frame \(run.lastFrame)", .muted)
  }

  private static func milliseconds(_ nanoseconds: Int64) -> String {
    let tenths = Int64((Double(nanoseconds) / 1e5).rounded())
    return "\(tenths / 10).\(abs(tenths % 10)) ms"
  }

  private static func item(_ text: StyledText, _ presentation: Presentation) -> [StyledText] {
    wrapped(StyledText("\(presentation.symbols.bullet) ", .muted) + text, presentation)
  }

  private static func wrapped(
    _ text: StyledText, _ presentation: Presentation
  ) -> [StyledText] {
    text.wrapped(to: presentation.width, continuation: "    ")
  }
}
