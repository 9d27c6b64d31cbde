import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// A browser's page at Bob's, and `connect --browser` at Alice's.
final class BrowserMeeting {
  /// Who offers, and so controls.
  enum Offerer: String, CaseIterable, Sendable {
    case ours
    case browser
  }

  /// Whose page it is.
  enum Browser {
    case chromium
    case firefox
  }

  let street: ConnectStreet
  let page: any ScriptedPage
  private(set) var ours: BackgroundProgram?

  init(
    _ browser: Browser, _ router: ConnectStreet.Router = .none, hidesAddresses: Bool = false
  ) throws {
    street = try ConnectStreet(router, router)
    page =
      switch browser {
      case .chromium: try BrowserPage(in: street.bob, hidesAddresses: hidesAddresses)
      case .firefox: try FirefoxPage(in: street.bob, hidesAddresses: hidesAddresses)
      }
  }

  deinit { ours?.stop(SIGKILL) }

  /// Exchanges descriptions, and waits until both sides are connected.
  func meet(
    _ offerer: Offerer, _ options: String = "", configuration: String = ""
  ) throws {
    let options = "--browser --json --explain --folder . \(options)"
    switch offerer {
    case .ours:
      ours = try street.open(street.alice, "alice", "offer \(options)")
      let offer = try own("offer")
      try page.run(
        Self.watched(try documentedLines(0), configuration)
          .replacing("PASTE THE OFFER HERE", with: offer))
      try write("answer")
    case .browser:
      try self.offer(configuration)
      ours = try street.open(street.alice, "alice", "answer \(options)")
      try take(own("answer"))
    }
    try wait("ours to connect") { try !events("selected").isEmpty || !events("failed").isEmpty }
    try wait("the page to connect", isBrowserConnected)
  }

  /// Has the page offer, and write that.
  func offer(_ configuration: String = "") throws {
    try page.run(Self.watched(try documentedLines(1), configuration))
    try write("offer")
  }

  /// Gives the page the answer to its offer.
  func take(_ answer: String) throws {
    try page.run(try documentedLines(2).replacing("PASTE THE ANSWER HERE", with: answer))
  }

  func isBrowserConnected() throws -> Bool {
    let state = try page.value("peer.iceConnectionState")
    return state == .string("connected") || state == .string("completed")
  }

  /// The page's states since the beginning are those of a connection that was made and has held, and
  /// ours has one, too.
  func expectConnected(at location: SourceLocation = #_sourceLocation) throws {
    let states = try page.value("states").elements?.compactMap(\.text) ?? []
    #expect(
      states == ["checking", "connected"] || states == ["checking", "connected", "completed"],
      "\(states) \(log)", sourceLocation: location)
    for end in ["failed", "lost"] {
      #expect(try events(end).isEmpty, "\(log)", sourceLocation: location)
    }
  }

  /// Waits, and shows what both have said where that is in vain.
  func wait(_ what: String, _ holds: () throws -> Bool) throws {
    do {
      try waitFor(what, seconds: 30, holds)
    } catch let error as WaitedInVain {
      throw BrowserPage.Failure(description: "\(error)\n\(log)")
    }
  }

  // MARK: Descriptions

  /// One of the three blocks of JavaScript in `docs/browser.md`.
  private func documentedLines(_ index: Int) throws -> String {
    let document = try String(
      contentsOfFile: BrowserConnectTests.repository + "docs/browser.md", encoding: .utf8)
    let blocks = document.split(separator: "```").enumerated()
      .filter { $0.offset % 2 == 1 }.map { $0.element }
    try #require(blocks.count == 3 && blocks.allSatisfy { $0.hasPrefix("js\n") })
    return String(blocks[index].dropFirst(3))
  }

  /// The same lines with a peer that has this configuration and keeps its states.
  private static func watched(_ lines: String, _ configuration: String) -> String {
    lines.replacing(
      "RTCPeerConnection()",
      with: """
        RTCPeerConnection(\(configuration));
        const states = [];
        peer.addEventListener("iceconnectionstatechange", () => states.push(peer.iceConnectionState))
        """)
  }

  /// What ours has written.
  private func own(_ file: String) throws -> String {
    try wait("the \(file)") { !street.text(file).isEmpty }
    return street.text(file)
  }

  /// Hands over what the page has made.
  private func write(_ file: String) throws {
    let text = try #require(try page.value("peer.localDescription.sdp").text)
    try Data(text.utf8).write(to: URL(filePath: street.folder.path + "/" + file), options: .atomic)
  }

  // MARK: What both say

  func lines() throws -> [JSONValue] {
    // The last line may not be whole yet.
    try street.text("alice.out").split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().map { try JSONValue($0) }
  }

  func events(_ name: String) throws -> [JSONValue] {
    try lines().filter { $0["event"] == .string(name) }
  }

  /// The event of the pair that ours has selected last.
  func selected() throws -> JSONValue {
    try #require(try events("selected").last, "\(log)")
  }

  /// How many of the page's candidates have names that ours asks for.
  func namesAsked() throws -> Int {
    guard case .number(let count)? = try events("peer").first?["namesAsked"] else { return 0 }
    return Int(count)
  }

  /// The types of the pair that the page has selected.
  func selectedByBrowser() throws -> JSONValue {
    // Firefox marks the pair itself.
    try page.value(
      """
      await (async () => {
        const report = await peer.getStats();
        const entries = [...report.values()];
        const transport = entries.find((entry) => entry.type == "transport");
        const pair = report.get(transport?.selectedCandidatePairId)
          ?? entries.find((entry) => entry.type == "candidate-pair" && entry.selected);
        const [local, remote] = [pair.localCandidateId, pair.remoteCandidateId]
          .map((id) => report.get(id));
        return { local: local.candidateType, remote: remote.candidateType };
      })()
      """)
  }

  var log: String {
    let states = (try? page.value("states.join()"))?.text ?? ""
    return "\(street.log)\n--- the page\n\(states)"
  }
}
