import FoundationEssentials
import TLS
import TestSupport
import Testing

/// Two peers in a headless browser that reach each other through relays of `workbook serve` alone.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct BrowserRelayTests {
  /// A server's URI, and what browsers call the way to it.
  struct Way: CustomTestStringConvertible, Sendable {
    var uri: String
    var relayProtocol: String

    var testDescription: String { uri }

    static let all = [
      Way(uri: "turn:203.0.113.9:3478?transport=udp", relayProtocol: "udp"),
      Way(uri: "turn:203.0.113.9:3478?transport=tcp", relayProtocol: "tcp"),
      Way(uri: "turns:203.0.113.9:5349?transport=tcp", relayProtocol: "tls"),
    ]
  }

  @Test(
    "A data channel goes through relays that are asked over UDP, TCP or TLS",
    .needsNetworks("chromium"), arguments: Way.all)
  func dataChannel(way: Way) throws {
    let street = try ConnectStreet()
    try street.start(.serve, try TLSIdentity(selfSignedFor: ["203.0.113.9"]))
    // Chromium's TLS to relays obeys it, as that to web servers does.
    let page = try BrowserPage(in: street.alice, options: ["--ignore-certificate-errors"])
    try expectChannel(way, page, street)
  }

  @Test(
    "Firefox's data channels go through relays that are asked over UDP, TCP or TLS",
    .needsNetworks("firefox-esr"))
  func firefox() throws {
    let street = try ConnectStreet()
    try street.start(.serve, try TLSIdentity(selfSignedFor: ["203.0.113.9"]))
    // One browser for all, as it takes seconds to start.
    let page = try FirefoxPage(in: street.alice, relay: "203.0.113.9")
    for var way in Way.all {
      // Firefox asks over TLS only whom it knows by a name.
      if way.relayProtocol == "tls" { way.uri = "turns:turn.example:5349?transport=tcp" }
      try expectChannel(way, page, street)
    }
  }

  /// A data channel goes both ways through this relay alone.
  private func expectChannel(
    _ way: Way, _ page: some ScriptedPage, _ street: ConnectStreet
  ) throws {
    let ends = { street.text("relay").split(separator: "\n").count { $0.hasPrefix("ended ") } }
    let before = ends()
    try page.run(Self.script)
    let call = "await session(\(try BrowserPage.literal(way.uri)))"
    let result = try page.value(call, seconds: 60)
    #expect(result["echo"] == .string("100000 times ä"), "\(result)\n\(street.log)")
    for side in ["caller", "callee"] {
      let pair = try #require(result[side], "\(result)\n\(street.log)")
      #expect(pair["local"] == .string("relay"), "\(pair)")
      #expect(pair["remote"] == .string("relay"), "\(pair)")
      #expect(pair["relayProtocol"] == .string(way.relayProtocol), "\(pair)")
    }
    // Both give their relayed addresses back as they close.
    try waitFor("the end of both allocations") { ends() - before == 2 }
  }

  @Test(
    "Chromium refuses a relay whose certificate nobody vouches for", .needsNetworks("chromium"))
  func untrusted() throws {
    let street = try ConnectStreet()
    try street.start(.serve, try TLSIdentity(selfSignedFor: ["203.0.113.9"]))
    let page = try BrowserPage(in: street.alice)
    try page.run(Self.script)
    let uri = try BrowserPage.literal(Way.all[2].uri)
    // The code for a server that cannot be reached (RTCPeerConnectionIceErrorEvent).
    let error = try #require(throws: BrowserPage.Failure.self) {
      _ = try page.value("await session(\(uri))")
    }
    #expect(error.description.contains("no candidate: [[701,"), "\(error)")
    #expect(!street.text("relay").contains("allocated "), "\(street.log)")
  }

  /// Two peers of one page that exchange complete descriptions, a long text, and its length.
  private static let script = """
    const errors = [];

    async function gathered(peer) {
      while (peer.iceGatheringState != "complete") {
        await new Promise((resolve) => { peer.onicegatheringstatechange = resolve; });
      }
      if (!peer.localDescription.sdp.includes("a=candidate")) {
        throw new Error("no candidate: " + JSON.stringify(errors));
      }
    }

    async function selected(peer) {
      const report = await peer.getStats();
      const entries = [...report.values()];
      const transport = entries.find((entry) => entry.type == "transport");
      // Firefox marks the pair itself.
      const pair = report.get(transport?.selectedCandidatePairId)
        ?? entries.find((entry) => entry.type == "candidate-pair" && entry.selected);
      const [local, remote] = [pair.localCandidateId, pair.remoteCandidateId]
        .map((id) => report.get(id));
      return { local: local.candidateType, remote: remote.candidateType,
               relayProtocol: local.relayProtocol };
    }

    async function session(uri) {
      const configuration = {
        iceServers: [{ urls: uri, username: "alice", credential: "pass" }],
        iceTransportPolicy: "relay",
      };
      const [caller, callee] = [1, 2].map(() => new RTCPeerConnection(configuration));
      for (const peer of [caller, callee]) {
        peer.onicecandidateerror = (error) => errors.push([error.errorCode, error.errorText]);
      }
      callee.ondatachannel = ({ channel }) => {
        channel.onmessage = ({ data }) => channel.send(data.length + " times " + data[0]);
      };
      const channel = caller.createDataChannel("words");
      const echo = new Promise((resolve) => {
        channel.onmessage = ({ data }) => resolve(data);
      });
      channel.onopen = () => channel.send("ä".repeat(100000));
      await caller.setLocalDescription();
      await gathered(caller);
      await callee.setRemoteDescription(caller.localDescription);
      await callee.setLocalDescription();
      await gathered(callee);
      await caller.setRemoteDescription(callee.localDescription);
      const result = { echo: await echo, caller: await selected(caller),
                       callee: await selected(callee) };
      caller.close();
      callee.close();
      return result;
    }
    """
}
