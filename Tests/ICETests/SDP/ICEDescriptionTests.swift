import ICE
import SansIO
import Testing
import TransportAddress

/// The ICE part of session descriptions (RFC 8839).
@Suite struct ICEDescriptionTests {
  /// The answer of RFC 8839 appendix A, with what later RFCs add.
  private let text = """
    v=0\r
    o=bob 2808844564 2808844564 IN IP4 192.0.2.1\r
    s=-\r
    c=IN IP4 192.0.2.1\r
    t=0 0\r
    a=ice-options:ice2 trickle\r
    a=ice-pacing:50\r
    a=ice-pwd:YH75Fviy6338Vbrhrlp8Yh\r
    a=ice-ufrag:9uB6\r
    m=audio 3478 RTP/AVP 0\r
    c=IN IP4 192.0.2.1\r
    b=RS:0\r
    a=mid:a\r
    a=rtpmap:0 PCMU/8000\r
    a=candidate:1 1 UDP 2130706431 192.0.2.1 3478 typ host\r
    a=candidate:2 1 UDP 1694498815 198.51.100.9 3479 typ srflx raddr 192.0.2.1 rport 3478\r
    a=end-of-candidates\r
    m=video 9 RTP/AVP 31\r
    c=IN IP6 ::\r
    a=ice-ufrag:other\r
    a=ice-pwd:othersPasswordOf22char\r
    a=remote-candidates:1 192.0.2.3 4500 2 2001:db8::3 4501\r

    """

  @Test("A description is read line by line, what is not ICE's is passed over")
  func reading() throws {
    let description = try ICEDescription(parsing: text)
    #expect(description.session.credentials?.usernameFragment == "9uB6")
    #expect(description.session.options == ["ice2", "trickle"])
    #expect(description.pacing == .milliseconds(50) && !description.isLite)
    #expect(description.supports("trickle") && !description.supports("renomination"))
    #expect(description.streams.count == 2)
    let audio = description.streams[0]
    #expect(audio.media == "audio 3478 RTP/AVP 0" && audio.mid == "a" && audio.port == 3478)
    #expect(audio.candidates.map(\.type) == [.host, .serverReflexive])
    #expect(audio.isEnded && audio.hasDefaultCandidate == true)
    let video = description.streams[1]
    #expect(video.remoteCandidates.map(\.address) == ["192.0.2.3:4500", "[2001:db8::3]:4501"])
    #expect(video.remoteCandidates.map(\.component) == [1, 2])
    #expect(!video.isEnded && video.hasDefaultCandidate == true)
    #expect(description.credentials(ofStream: 0)?.usernameFragment == "9uB6")
    #expect(description.credentials(ofStream: 1)?.usernameFragment == "other")
    #expect(description.remoteDescription?.pacing == .milliseconds(50))
  }

  @Test(
    "A Ta is written as it was read, and a part of a millisecond rounded up",
    arguments: [
      (.milliseconds(1), 1), (.milliseconds(50), 50), (.milliseconds(515_205_200), 515_205_200),
      (.milliseconds(9_999_999_999 as Int64), 9_999_999_999), (.microseconds(20_001), 21),
      (.seconds(Int64.max), 9_999_999_999), (.milliseconds(-1), 0),
    ] as [(Duration, UInt64)])
  func pacing(duration: Duration, milliseconds: UInt64) {
    var description = ICEDescription()
    description.pacing = duration
    #expect(description.description == "a=ice-pacing:\(milliseconds)\r\n")
  }

  @Test("What is printed is read again as the same, and printed as the same")
  func roundTrip() throws {
    var description = try ICEDescription(parsing: text)
    #expect(try ICEDescription(parsing: description.description) == description)
    description.isLite = true
    description.isEnded = true
    description.streams[1].isMismatched = true
    let again = try ICEDescription(parsing: description.description)
    #expect(again == description)
    #expect(again.description == description.description)
  }

  /// A line, the column of its error, and the error.
  static let wrong: [(String, Int, SDPError.Problem)] = [
    ("a=ice-ufrag:abc", 13, .usernameFragment),
    ("a=ice-ufrag:ab:d", 13, .usernameFragment),
    ("a=ice-ufrag", 13, .usernameFragment),
    ("a=ice-pwd:123456789012345678901", 11, .password),
    ("a=ice-pwd:1234567890123456789012 ", 11, .password),
    ("a=ice-options:", 15, .option),
    ("a=ice-options:ice2  trickle", 20, .option),
    ("a=ice-options:ice2 tri_ckle", 20, .option),
    ("a=ice-pacing:-5", 14, .pacing),
    ("a=ice-pacing:12345678901", 14, .pacing),
    ("a=ice-lite:yes", 11, .unexpectedValue),
    ("a=end-of-candidates:", 20, .unexpectedValue),
    ("a=candidate:1 1 UDP x 192.0.2.1 3478 typ host", 21, .candidate(.priority)),
    ("a=candidate:1 0 UDP 1 192.0.2.1 3478 typ host", 15, .candidate(.component)),
    ("a=remote-candidates:1 192.0.2.1", 32, .remoteCandidate),
    ("a=remote-candidates:1 192.0.2.1 99999", 33, .remoteCandidate),
    ("a=remote-candidates:1 192.0.2.1 1 2", 36, .remoteCandidate),
    ("a=remote-candidates:257 192.0.2.1 1", 21, .remoteCandidate),
  ]

  @Test("An error names its line and its column", arguments: 0..<wrong.count)
  func errors(_ index: Int) throws {
    let (line, column, problem) = Self.wrong[index]
    #expect(throws: SDPError(column: column, problem)) { try ICEAttribute(parsing: line) }
    // In the seventh line of a description, whichever way lines end.
    for end in ["\r\n", "\n"] {
      let lines = ["v=0", "s=-", "t=0 0", "m=audio 9 RTP/AVP 0", "a=x", "a=y:z", line, "a=w"]
      #expect(throws: SDPError(line: 7, column: column, problem)) {
        try ICEDescription(parsing: lines.joined(separator: end))
      }
    }
  }

  @Test("An attribute at the wrong level, twice, or without its other half is an error")
  func levels() {
    let password = "a=ice-pwd:1234567890123456789012"
    let cases: [([String], Int, SDPError.Problem)] = [
      (["a=candidate:1 1 UDP 1 192.0.2.1 1 typ host"], 1, .notAtSessionLevel),
      (["a=ice-mismatch"], 1, .notAtSessionLevel),
      (["a=remote-candidates:1 192.0.2.1 1"], 1, .notAtSessionLevel),
      (["m=audio 9 RTP/AVP 0", "a=ice-lite"], 2, .notAtMediaLevel),
      (["m=audio 9 RTP/AVP 0", "a=ice-pacing:50"], 2, .notAtMediaLevel),
      (["a=ice-ufrag:abcd", password, "a=ice-ufrag:abcd"], 3, .repeated),
      ([password, "m=audio 9 RTP/AVP 0"], 1, .halfOfCredentials),
      (["m=audio 9 RTP/AVP 0", "a=ice-ufrag:abcd"], 2, .halfOfCredentials),
      (["m=audio 9 RTP/AVP 0", "nonsense"], 2, .notALine),
    ]
    for (lines, line, problem) in cases {
      let error = #expect(throws: SDPError.self) {
        try ICEDescription(parsing: lines.joined(separator: "\r\n"))
      }
      #expect(error?.line == line && error?.problem == problem, "\(lines)")
    }
  }

  @Test("An unknown candidate type is left out, a name is kept, and neither is an error (§5.1)")
  func unknownTypes() throws {
    let description = try ICEDescription(
      parsing: """
        m=audio 9 RTP/AVP 0
        a=candidate:1 1 UDP 1 192.0.2.1 1 typ marsflex
        a=candidate:1 1 UDP 1 4a0c6d7e.local 1 typ host generation 0
        """)
    #expect(description.streams[0].candidates.map(\.host) == [.name("4a0c6d7e.local")])
  }

  @Test("A default destination that is no candidate is a mismatch (§4.2.5)")
  func mismatch() throws {
    let changed = text.replacing("m=audio 3478", with: "m=audio 3480")
    #expect(try ICEDescription(parsing: changed).streams[0].hasDefaultCandidate == false)
    #expect(
      try ICEDescription(parsing: "m=audio 9 RTP/AVP 0").streams[0].hasDefaultCandidate == nil)
  }

  @Test("No prefix of a description and no changed byte makes the parser crash")
  func hostile() {
    var generator = SeededGenerator(seed: 3)
    let bytes = Array(text.utf8)
    for _ in 0..<2000 {
      var changed = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
      for _ in 0..<Int.random(in: 0...4, using: &generator) where !changed.isEmpty {
        let index = Int.random(in: changed.indices, using: &generator)
        changed[index] = UInt8.random(in: 0...255, using: &generator)
      }
      let text = String(decoding: changed, as: UTF8.self)
      guard let description = try? ICEDescription(parsing: text) else { continue }
      #expect(throws: Never.self) { try ICEDescription(parsing: description.description) }
    }
  }

  @Test("Two agents connect by the text of their descriptions")
  func agents() throws {
    var world = try World(.behind(.endpoint, .address, 0), .open(1))
    var texts: [String] = []
    for agent in 0..<2 {
      for candidate in world.candidates(agent) {
        try world.agents[agent].gathered(candidate, at: world.now)
      }
      try world.agents[agent].gatheringFinished(at: world.now)
      texts.append(
        world.agents[agent].localDescription(media: ["audio 9 UDP/TLS/RTP/SAVPF 111"]).description)
    }
    for agent in 0..<2 {
      let description = try ICEDescription(parsing: texts[1 - agent])
      try world.agents[agent].remoteDescriptionReceived(description, at: world.now)
    }
    try world.run(until: .seconds(10)) { !$0.isOver }
    #expect(world.agents.allSatisfy { $0.state == .completed } && world.selectsTheSame)
  }
}
