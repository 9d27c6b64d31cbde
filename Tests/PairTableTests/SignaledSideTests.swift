import ICE
import PairTable
import Testing

@Suite struct SignaledSideTests {
  @Test("Candidate lines alone are one stream, with or without a=, with any line ends")
  func bare() throws {
    let side = try SignaledSide(
      parsing: """
        a=candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host\r
        candidate:2 1 UDP 1694498815 203.0.113.1 6000 typ srflx raddr 192.0.2.1 rport 5000

        candidate:3 1 UDP 1 192.0.2.1 5000 typ future
        a=end-of-candidates

        """)
    #expect(side.description.streams.count == 1)
    #expect(side.description.streams[0].candidates.map(\.type) == [.host, .serverReflexive])
  }

  @Test(
    "What cannot be read is an error with line and column",
    arguments: [
      ("", 1, 1), ("hello\n", 1, 1),
      ("candidate:1 1 UDP 2130706431 192.0.2.1 5000 typ host\ncandidate:1 1 UDP x\n", 2, 19),
      ("v=0\nm=audio 9 RTP/AVP 0\na=candidate:1 0 UDP\n", 3, 15),
    ])
  func errors(text: String, line: Int, column: Int) {
    let error = #expect(throws: SDPError.self) { try SignaledSide(parsing: text) }
    #expect(error?.line == line)
    #expect(error?.column == column)
  }

  @Test("The bundle groups are read")
  func bundles() throws {
    #expect(try browser("chromium-offer").bundles == [["0", "1", "2"]])
  }
}
