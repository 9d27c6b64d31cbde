import Connections
import ICE
import SansIO
import Testing

/// Session descriptions as `RTCPeerConnection` has them.
@Suite struct BrowserDescriptionTests {
  private func description() throws -> ICEDescription {
    try ICEDescription(
      parsing: """
        a=ice-options:ice2 trickle
        a=ice-ufrag:abcd
        a=ice-pwd:abcdefghijklmnopqrstuv
        m=application 9 udp octet-stream
        a=candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host
        a=end-of-candidates
        """)
  }

  private func lines(_ description: BrowserDescription) -> [String] {
    description.description.split(separator: "\r\n").map(String.init)
  }

  @Test("An offer has what ICE says in one data channel, and what a browser needs around it")
  func offer() throws {
    var generator = SeededGenerator(seed: 1)
    let text = lines(BrowserDescription(offering: try description(), using: &generator))
    try #require(text.count == 16, "\(text)")
    #expect(text[0] == "v=0")
    #expect(text[1].wholeMatch(of: /o=- \d+ 1 IN IP4 0\.0\.0\.0/) != nil)
    #expect(text[2...4] == ["s=-", "t=0 0", "a=group:BUNDLE 0"])
    #expect(
      text[5..<14] == [
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:0",
        "a=ice-options:ice2 trickle", "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuv",
        "a=candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host", "a=end-of-candidates",
        "a=sctp-port:5000",
      ])
    #expect(text[14] == "a=setup:actpass")
    #expect(
      text[15].wholeMatch(of: /a=fingerprint:sha-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}/) != nil)
  }

  @Test("An agent reads the same out of it as went into it")
  func reading() throws {
    var generator = SeededGenerator(seed: 2)
    let ice = try description()
    let text = BrowserDescription(offering: ice, using: &generator).description
    let read = try ICEDescription(parsing: text)
    #expect(read.remoteDescription == ice.remoteDescription)
    #expect(read.streams[0].candidates == ice.streams[0].candidates)
    #expect(read.streams[0].isEnded)
    #expect(read.streams[0].hasDefaultCandidate == true)
  }

  @Test("An answer has the name of the offer's channel, and lets the browser begin the handshake")
  func answer() throws {
    var generator = SeededGenerator(seed: 3)
    let offer = try ICEDescription(
      parsing: "v=0\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=mid:data\n")
    let text = lines(
      try BrowserDescription(answering: offer, with: try description(), using: &generator))
    #expect(text.contains("a=mid:data"))
    #expect(text.contains("a=group:BUNDLE data"))
    #expect(text.contains("a=setup:passive"))
  }

  @Test("An offer of anything but one data channel is refused")
  func refusals() throws {
    var generator = SeededGenerator(seed: 4)
    let ice = try description()
    func problem(_ lines: String) throws -> BrowserDescription.OfferProblem? {
      let offer = try ICEDescription(parsing: "v=0\n" + lines)
      do throws(BrowserDescription.OfferProblem) {
        _ = try BrowserDescription(answering: offer, with: ice, using: &generator)
        return nil
      } catch {
        return error
      }
    }
    let channel = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n"
    let audio = "audio 9 UDP/TLS/RTP/SAVPF 111"
    #expect(try problem(channel) == nil)
    #expect(try problem("") == .streams(0))
    #expect(try problem(channel + "m=\(audio)\n") == .streams(2))
    #expect(try problem("m=\(audio)\n") == .media(audio))
  }

  @Test("Two descriptions have different fingerprints and session numbers")
  func chance() throws {
    var generator = SeededGenerator(seed: 5)
    let ice = try description()
    let texts = (0..<2).map { _ in
      lines(BrowserDescription(offering: ice, using: &generator))
    }
    #expect(texts[0][1] != texts[1][1])
    #expect(texts[0].last != texts[1].last)
  }
}
