import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `workbook connect --browser` and an `RTCPeerConnection` of headless Chromium's: both connect by ICE.
///
/// The page runs the lines of `docs/browser.md`. Its DTLS gets no answer, so that the state of ICE is
/// what counts.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct BrowserConnectTests {
  typealias Offerer = BrowserMeeting.Offerer

  /// The root folder, with a slash behind it.
  static let repository = String(
    #filePath.dropLast("Tests/InteropTests/Browser/BrowserConnectTests.swift".count))
  static let stun = "stun:\(ConnectStreet.server)"
  static let turn = "turn:\(ConnectStreet.server)"

  @Test(
    "Both connect by their host candidates, whoever offers, and stay connected",
    .needsNetworks("chromium"), arguments: Offerer.allCases)
  func hosts(offerer: Offerer) throws {
    let meeting = try BrowserMeeting(.chromium)
    try meeting.meet(offerer)
    let selected = try meeting.selected()
    #expect(selected["local"]?.text?.hasPrefix("198.51.100.2:") == true, "\(selected)")
    #expect(selected["local"]?.text?.hasSuffix(" host") == true, "\(selected)")
    #expect(selected["remote"]?.text?.hasPrefix("192.0.2.2:") == true, "\(selected)")
    #expect(selected["remote"]?.text?.hasSuffix(" host") == true, "\(selected)")
    let pair = try meeting.selectedByBrowser()
    #expect(pair["local"] == .string("host"), "\(pair)")
    #expect(pair["remote"] == .string("host"), "\(pair)")
    // Longer than checks of consent are apart, and than Chromium waits for a sign of life.
    try meeting.page.run("await new Promise((go) => setTimeout(go, 8000))")
    try meeting.expectConnected()
    #expect(try meeting.events("handshake").count == 1, "\(meeting.log)")
    #expect(meeting.ours?.stop(SIGINT) == 130, "\(meeting.log)")
    let schema = try JSONSchema.documented()
    for line in try meeting.lines() { #expect(schema.problems(of: line, in: "connect") == []) }
  }

  @Test(
    "A page that hides its addresses behind names is met by the checks that come from it",
    .needsNetworks("chromium"), arguments: Offerer.allCases)
  func names(offerer: Offerer) throws {
    let meeting = try BrowserMeeting(.chromium, hidesAddresses: true)
    try meeting.meet(offerer)
    #expect(try meeting.namesAsked() > 0, "\(meeting.log)")
    // The page is on another link, where the question does not come to.
    try meeting.wait("the end of the question") { try !meeting.events("unresolved").isEmpty }
    #expect(try meeting.events("resolved").isEmpty, "\(meeting.log)")
    let selected = try meeting.selected()
    #expect(selected["remote"]?.text?.hasPrefix("192.0.2.2:") == true, "\(selected)")
    #expect(selected["remote"]?.text?.hasSuffix(" prflx") == true, "\(selected)")
    try meeting.expectConnected()
  }

  @Test(
    "A page that uses its relay alone is met through it",
    .needsNetworks("chromium"), arguments: Offerer.allCases)
  func relay(offerer: Offerer) throws {
    let meeting = try BrowserMeeting(.chromium)
    try meeting.street.start(.serve)
    try meeting.meet(
      offerer,
      configuration: """
        { iceTransportPolicy: "relay",
          iceServers: [{ urls: "\(Self.turn)", username: "alice", credential: "pass" }] }
        """)
    let selected = try meeting.selected()
    #expect(selected["remote"]?.text?.hasPrefix("203.0.113.9:") == true, "\(selected)")
    #expect(selected["route"] == .string("through the other side's relay"), "\(selected)")
    #expect(try meeting.selectedByBrowser()["local"] == .string("relay"))
    try meeting.expectConnected()
  }

  // MARK: By hand

  @Test("Descriptions can be pasted, too", .needsNetworks("chromium"))
  func pasted() throws {
    let meeting = try BrowserMeeting(.chromium)
    let street = meeting.street
    try meeting.offer()
    let ours = try street.open(street.alice, "alice", "answer --browser")
    try meeting.wait("the question") { street.text("alice.err").contains("Paste the page's offer") }
    try street.street.run("cd \(street.folder.path) && (cat offer; echo) >alice.in")
    // As a person copies it: the lines from the first to the last, among all that is printed.
    try meeting.wait("the answer") { street.text("alice.err").contains("a=fingerprint") }
    let answer = try street.street.run(
      "sed -n '/^v=0/,/^a=fingerprint/p' \(street.folder.path)/alice.err")
    try meeting.take(answer)
    try meeting.wait("both") {
      try street.text("alice.err").contains("connected after") && meeting.isBrowserConnected()
    }
    try meeting.wait("the page's DTLS") {
      street.text("alice.err").contains("the page begins its DTLS handshake")
    }
    #expect(ours.stop(SIGINT) == 130, "\(meeting.log)")
    #expect(street.text("alice.out") == "")
  }

  @Test(
    "A browser's description is read to its empty line: Firefox says most behind the candidates",
    .needsNetworks())
  func firefox() throws {
    let street = try ConnectStreet()
    let ours = try street.open(street.alice, "alice", "offer --json")
    let file = Self.repository + "Tests/PairTableTests/Data/firefox-answer.sdp"
    try street.street.run("cd \(street.folder.path) && (cat '\(file)'; echo) >alice.in")
    try waitFor("the description", seconds: 20) {
      street.text("alice.out").contains("\"event\":\"peer\"")
    }
    #expect(street.text("alice.out").contains("\"candidates\":6"), "\(street.log)")
    #expect(ours.stop(SIGINT) == 130, "\(street.log)")
  }

  @Test(
    "An offer with anything but a data channel is refused with its reason, and 65",
    .needsNetworks())
  func media() throws {
    let street = try ConnectStreet()
    let file = Self.repository + "Tests/PairTableTests/Data/chromium-offer.sdp"
    try street.street.run("cp '\(file)' \(street.folder.path)/offer")
    let ours = try street.open(street.alice, "alice", "answer --browser --folder .")
    #expect(ours.wait() == 65, "\(street.log)")
    #expect(street.text("alice.err").contains("it has 3 m= lines"), "\(street.log)")
  }

  // MARK: NATs

  /// Two routers, and what the way is called that both then find.
  struct Homes: CustomTestStringConvertible, Sendable {
    var rule: String
    var route: String

    var testDescription: String { "\(rule): \(route)" }

    static let all = [
      Homes(rule: "masquerade", route: "directly"),
      Homes(rule: "masquerade fully-random", route: "relay"),
    ]
  }

  @Test(
    "Both behind the kernel's NATs, they meet directly, or by a relay where nothing else works",
    .needsNetworks("chromium", "nft"), arguments: Homes.all, Offerer.allCases)
  func homes(homes: Homes, offerer: Offerer) throws {
    let meeting = try BrowserMeeting(.chromium, .kernel(homes.rule), hidesAddresses: true)
    try meeting.street.start(.serve)
    try meeting.meet(
      offerer, "--stun \(Self.stun) --turn \(Self.turn) --user alice:pass",
      configuration: """
        { iceServers: [{ urls: ["\(Self.stun)", "\(Self.turn)"], username: "alice",
                         credential: "pass" }] }
        """)
    // A browser that controls may take the first pair that works, and a better one after it.
    try meeting.wait("the way: \(homes.route)") {
      try meeting.selected()["route"]?.text?.contains(homes.route) == true
    }
    try meeting.expectConnected()
  }
}
