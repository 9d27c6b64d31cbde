import CommandOptions
import Connections
import Glibc
import ICE
import SansIO
import Terminal

/// What `connect` and `call` print: the other's data, or how it got through, on standard output, everything
/// else on standard error; with `--json` everything on standard output, an event a line.
final class ConnectPage {
  /// What the connection is for.
  enum Use {
    /// Lines of text or bytes, either way.
    case pipe
    /// ICE alone, with a page in a browser.
    case browser
    /// A tone, either way.
    case call
  }

  let output: Writer
  let messages: Writer
  let isJSON: Bool
  let isExplaining: Bool
  /// Whether messages go to a terminal on which lines can be drawn anew.
  let isRedrawn: Bool
  private let use: Use
  private var hasBrowserSent = false
  /// Whether a live line is the last on the screen.
  var hasLiveLine = false
  private var explanation: PairExplanations

  init(_ options: ConnectionOptions, use: Use) {
    output = options.output.output()
    messages = options.output.output(to: STDERR_FILENO)
    isJSON = options.format.json
    isExplaining = options.explain
    self.use = use
    isRedrawn =
      !options.format.json && !messages.presentation.plain && isatty(STDERR_FILENO) == 1
    explanation = PairExplanations(isRedrawn: isRedrawn)
  }

  /// Whether the reader of the output has gone.
  var isClosed: Bool { output.isClosed }

  func say(_ text: String, _ role: TextRole = .plain) {
    guard !isJSON else { return }
    showLine(nil)
    aboveTable {
      messages.lines(
        messages.presentation.prepared(StyledText(text, role))
          .wrapped(to: messages.presentation.proseWidth))
    }
  }

  private func event(_ line: @autoclosure () -> ConnectLine) {
    guard isJSON else { return }
    output.jsonLine(line())
    output.flush()
  }

  // MARK: - Descriptions

  /// An answer waits for the page's offer.
  func askForOffer() {
    say("Paste the page's offer here, and an empty line after it.", .heading)
  }

  func describe(_ description: String, file: String?, isAnswer: Bool) {
    event(ConnectLine("description", description: description))
    if let file { return say("the description is in \(file)", .muted) }
    say("Paste this on the other side, to its last line:", .heading)
    guard !isJSON else { return }
    aboveTable {
      messages.line()
      for line in description.split(whereSeparator: \.isNewline) {
        messages.line(StyledText(String(line)))
      }
      messages.line()
    }
    guard !isAnswer else { return }
    say(
      use == .browser
        ? "And paste the page's answer here, and an empty line after it."
        : "And paste the other's description here.", .heading)
  }

  func otherCame(
    _ description: ICEDescription, namesLeftOut: Int, namesAsked: Int,
    leftOut candidates: [LeftOutCandidate]
  ) {
    let count = description.streams.first?.candidates.count ?? 0
    let leftOut = isExplaining ? candidates.map(\.description) : []
    event(
      ConnectLine(
        "peer", candidates: count, namesLeftOut: namesLeftOut, namesAsked: namesAsked,
        leftOut: isExplaining ? leftOut : nil))
    if namesLeftOut > 0 {
      say(
        "\(namesLeftOut) of the other's candidates have names that are not asked for: they are "
          + "left out", .warning)
    }
    if namesAsked > 0 {
      say(
        "\(namesAsked) of the other's candidates have names: asking this network for them by mDNS",
        .muted)
    }
    for candidate in leftOut { say("left out: \(candidate)", .muted) }
    say(
      "the other has \(count) candidate\(count == 1 ? "" : "s"); looking for a way", .muted)
  }

  /// The server has taken this side into the room.
  func joined() {
    event(ConnectLine("joined"))
    say("in the room; waiting for the other side", .muted)
  }

  /// The other has told of a candidate.
  func signaled(_ line: CandidateAttribute) {
    event(ConnectLine("signaled", candidate: "\(line)"))
  }

  func noCandidates() {
    event(ConnectLine("failed", reason: "no candidate was gathered"))
    say("no candidate was gathered: the other side cannot be told where this one is", .failure)
  }

  /// The other side's tone has not come.
  func nothingHeard() {
    event(ConnectLine("failed", reason: "nothing was heard"))
    say("nothing was heard of the other side; it has to run 'call' as well", .failure)
  }

  func noDescription() {
    event(ConnectLine("failed", reason: "no description has come in time"))
    say("no description of the other's has come in time", .failure)
  }

  // MARK: - The connection

  func show(_ event: Connection.Event, at time: Instant) {
    switch event {
    case .gathered(let candidate):
      self.event(ConnectLine("candidate", at: time, candidate: "\(CandidateAttribute(candidate))"))
    case .serverFailed(let server, let failure):
      self.event(ConnectLine("server", at: time, server: "\(server)", reason: "\(failure)"))
      say("\(server): \(failure)", .warning)
    case .role(let role): self.event(ConnectLine("role", at: time, role: "\(role)"))
    case .discovered(let candidate, let discovery):
      self.event(
        ConnectLine(
          "discovered", at: time, candidate: "\(CandidateAttribute(candidate))",
          whose: discovery == .local ? "own" : "peer"))
    case .resolved(let name, let address):
      self.event(ConnectLine("resolved", at: time, name: name, address: "\(address)"))
      say("\(name) is \(address)", .muted)
    case .unresolved(let name):
      self.event(ConnectLine("unresolved", at: time, name: name))
      say("\(name) is left out: nothing on this network says which address it has", .warning)
    case .selected(let pair):
      self.event(
        ConnectLine(
          "selected", at: time, local: "\(pair.local)", remote: "\(pair.remote)",
          route: Self.route(of: pair)))
      say("connected after \(Self.text(time)): \(pair), \(Self.route(of: pair))", .success)
      say(hint, .muted)
    case .state(.failed(let reason)):
      self.event(ConnectLine("failed", at: time, reason: "\(reason)"))
      say("there is no way: \(reason)", .failure)
    case .gatheringFinished, .state, .ended, .data, .released: break
    }
  }

  /// What can be done now.
  private var hint: String {
    switch use {
    case .pipe:
      "Each line goes in a datagram of its own, not encrypted, and may get lost; Ctrl-D ends."
    case .browser:
      "This is as far as ICE goes. The page would send over DTLS, which 'connect' does not speak; "
        + "Ctrl-C ends."
    case .call: "The tone goes both ways, not encrypted; Ctrl-C ends."
    }
  }

  /// A time in milliseconds, rounded down.
  private static func text(_ time: Instant) -> String { "\(time.nanoseconds / 1_000_000) ms" }

  private static func route(of pair: CandidatePair) -> String {
    switch (pair.local.type, pair.remote.type) {
    case (.relayed, .relayed): "through both relays"
    case (.relayed, _): "through this side's relay"
    case (_, .relayed): "through the other side's relay"
    default: "directly"
    }
  }

  func lost(_ reason: FailureReason) {
    event(ConnectLine("lost", reason: "\(reason)"))
    say("the other is not there any more: \(reason)", .failure)
  }

  func otherEnded() {
    event(ConnectLine("ended"))
    say("the other has nothing more to send", .muted)
  }

  func otherLeft() {
    event(ConnectLine("left"))
    say("the other has left", .muted)
  }

  /// A browser has sent something that is no STUN: DTLS, which it repeats as long as nothing answers.
  func browserSent(_ datagram: [UInt8], at time: Instant) {
    guard !hasBrowserSent else { return }
    hasBrowserSent = true
    event(ConnectLine("handshake", at: time, bytes: datagram.count))
    say("the page begins its DTLS handshake, \(datagram.count) bytes, and gets no answer", .muted)
  }

  /// Data of the other's: as it is into a file or a pipe, and onto a terminal without what would
  /// control it.
  func data(_ bytes: [UInt8], at time: Instant) {
    aboveTable { write(bytes, at: time) }
  }

  private func write(_ bytes: [UInt8], at time: Instant) {
    if isJSON {
      let text = String(validating: bytes, as: UTF8.self)
      output.jsonLine(
        ConnectLine(
          "data", at: time, bytes: bytes.count, text: text,
          hexadecimal: text == nil ? bytes.map(Self.hexadecimal).joined() : nil))
    } else if isatty(output.descriptor) == 1 {
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        output.line(StyledText(String(line)))
      }
    } else {
      output.raw(bytes)
    }
    output.flush()
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }

  // MARK: - Pairs

  func explain(_ agent: ICEAgent, at time: Instant) {
    let changed = explanation.update(agent)
    guard !changed.isEmpty else { return }
    if isJSON {
      for row in changed {
        event(
          ConnectLine(
            "pair", at: time, pair: row.id, local: row.local, remote: row.remote,
            state: row.state, reason: row.reason))
      }
    } else if explanation.isRedrawn {
      eraseTable()
      drawTable()
    } else {
      for row in changed {
        messages.line(
          StyledText(
            "\(Self.text(time)) pair \(row.id) \(row.local) to \(row.remote): \(row.reason)"))
      }
    }
    messages.flush()
  }

  /// The table stays where it is, and what follows is printed below it.
  func endTable() { explanation.lineCount = 0 }

  /// Prints something above the table, which stays the last on the screen.
  private func aboveTable(_ print: () -> Void) {
    let isShown = explanation.lineCount > 0
    eraseTable()
    print()
    if isShown { drawTable() }
    messages.flush()
  }

  /// Goes back to where the table began, and takes away everything below.
  private func eraseTable() {
    guard explanation.lineCount > 0 else { return }
    messages.raw("\u{1B}[\(explanation.lineCount)A\u{1B}[J")
    messages.flush()
    explanation.lineCount = 0
  }

  private func drawTable() {
    let lines = explanation.table.lines(messages.presentation)
    messages.lines(lines)
    explanation.lineCount = lines.count
  }
}
