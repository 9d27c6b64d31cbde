import Glibc
import TestSupport
import Testing

/// `workbook connect --browser` and an `RTCPeerConnection` of headless Firefox's, by the lines of
/// `docs/browser.md`.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct FirefoxConnectTests {
  typealias Offerer = BrowserMeeting.Offerer

  @Test(
    "Both connect by their host candidates, whoever offers, and stay connected",
    .needsNetworks("firefox-esr"), arguments: Offerer.allCases)
  func hosts(offerer: Offerer) throws {
    let meeting = try BrowserMeeting(.firefox)
    try meeting.meet(offerer)
    let selected = try meeting.selected()
    #expect(selected["remote"]?.text?.hasPrefix("192.0.2.2:") == true, "\(selected)")
    #expect(selected["remote"]?.text?.hasSuffix(" host") == true, "\(selected)")
    let pair = try meeting.selectedByBrowser()
    #expect(pair["local"] == .string("host"), "\(pair)")
    #expect(pair["remote"] == .string("host"), "\(pair)")
    // Longer than checks of consent are apart, and than Firefox waits for a sign of life.
    try meeting.page.run("await new Promise((go) => setTimeout(go, 8000))")
    try meeting.expectConnected()
    #expect(try meeting.events("handshake").count == 1, "\(meeting.log)")
    #expect(meeting.ours?.stop(SIGINT) == 130, "\(meeting.log)")
  }

  @Test(
    "Both behind the kernel's NATs, and the page's addresses hidden behind names, they meet directly",
    .needsNetworks("firefox-esr", "nft"), arguments: Offerer.allCases)
  func homes(offerer: Offerer) throws {
    let meeting = try BrowserMeeting(.firefox, .kernel("masquerade"), hidesAddresses: true)
    try meeting.street.start(.serve)
    let stun = "stun:\(ConnectStreet.server)"
    try meeting.meet(
      offerer, "--stun \(stun)", configuration: #"{ iceServers: [{ urls: "\#(stun)" }] }"#)
    #expect(try meeting.namesAsked() > 0, "\(meeting.log)")
    #expect(try meeting.selected()["route"] == .string("directly"), "\(meeting.log)")
    try meeting.expectConnected()
  }
}
