import FoundationEssentials
import TestSupport
import Testing

/// The program's decoder beside Wireshark's.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(2))) struct DecodeInteropTests {
  @Test("Every field of messages of our own making is what tshark says", .needs("tshark"))
  func ownMessages() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = folder.path + "/own.pcap"
    try Data(OwnCapture.bytes()).write(to: URL(filePath: file))
    let decoded = try Decoded(file)
    // A fragment that others follow has no message of its own.
    #expect(decoded.messages.count == decoded.frames - 2)
    #expect(try compareWithTshark(file, decoded) > 200)
  }

  @Test(
    "Every field of coturn's and its clients' traffic, UDP and TCP, is what tshark says",
    .needs("tshark", "dumpcap", "turnserver", "turnutils_uclient"), .needsOwnNetwork)
  func coturn() throws {
    let (decoded, equal) = try recorded("uclient")
    #expect(decoded.messages.contains { $0.kind == "ChannelData" })
    // Its client still takes channel numbers from RFC 5766's range.
    #expect(
      decoded.messages.flatMap(\.problems).allSatisfy { $0.message.contains("0x4000 to 0x4FFF") })
    let checks = decoded.messages.flatMap(\.integrity)
    #expect(checks.count > 20)
    #expect(checks.allSatisfy { $0.result == "verified" && $0.key == "long-term (MD5)" })
    #expect(equal > 1000)
  }

  @Test(
    "Every field of ICE sessions of aioice, direct and through coturn, is what tshark says",
    .needs("tshark", "dumpcap", "turnserver"), .needsPython("aioice"), .needsOwnNetwork)
  func aioice() throws {
    let (decoded, equal) = try recorded("aioice", environment: Peer.python(with: "aioice"))
    // A check is a Binding request with USE-CANDIDATE or without; four sessions nominate.
    let names = decoded.messages.map { $0.attributes.map(\.name) }
    #expect(names.count { $0.contains("USE-CANDIDATE") } >= 4)
    #expect(names.contains { $0.contains("ICE-CONTROLLED") })
    #expect(decoded.messages.contains { !$0.nested.isEmpty })
    #expect(decoded.messages.flatMap(\.problems).allSatisfy(isOfUnknownPassword))
    #expect(Set(decoded.messages.map(\.transport)).isSuperset(of: ["UDP", "TCP"]))
    #expect(equal > 1000)
  }

  @Test(
    "Every field of two peers in headless Chromium, direct and through coturn, is what tshark says",
    .needs("tshark", "dumpcap", "turnserver", "chromium"), .needsOwnNetwork)
  func chromium() throws {
    let (decoded, equal) = try recorded("chromium")
    let names = decoded.messages.map { $0.attributes.map(\.name) }
    #expect(names.contains { $0.contains("GOOG-NETWORK-INFO") })
    #expect(decoded.messages.flatMap(\.problems).allSatisfy(isOfUnknownPassword))
    #expect(decoded.messages.contains { $0.kind == "ChannelData" })
    #expect(decoded.messages.contains { !$0.nested.isEmpty })
    #expect(Set(decoded.messages.map(\.transport)).isSuperset(of: ["UDP", "TCP"]))
    #expect(equal > 1000)
  }

  /// Checks are protected with passwords that the peers made up themselves.
  private func isOfUnknownPassword(_ problem: Decoded.Message.Problem) -> Bool {
    problem.message == "does not fit the password given"
  }

  /// Records a program beside coturn, decodes the capture, and compares; how many values were equal.
  private func recorded(
    _ program: String, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (Decoded, equal: Int) {
    let folder = try Folder()
    defer { folder.remove() }
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Recording/record.sh").path
    let run = try Program.run(
      "sh", [script, program], in: folder.path, environment: environment)
    try #require(
      run.exitCode == 0, "\(run.output)\(run.errorOutput)", sourceLocation: sourceLocation)
    let file = folder.path + "/capture.pcapng"
    let decoded = try Decoded(file, ["--username", "user", "--password", "pass"])
    // An empty capture would be equal to anything.
    try #require(decoded.messages.count > 50, sourceLocation: sourceLocation)
    let equal = try compareWithTshark(file, decoded, sourceLocation: sourceLocation)
    return (decoded, equal)
  }
}

/// A folder that is gone when the test is.
struct Folder {
  let path: String

  init() throws {
    let name = "pathfinder-\(UInt64.random(in: .min ... .max))"
    path = FileManager.default.temporaryDirectory.path + "/" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}
