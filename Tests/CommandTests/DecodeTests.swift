import FoundationEssentials
import Glibc
import IPPacket
import TestSupport
import Testing
import TransportAddress

@Suite(.serialized, .waitsForChildren) struct DecodeTests {
  /// RFC 5769 §2.2.
  static let response = """
    0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f72200020000800\
    01a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96
    """

  @Test("A message is explained byte by byte under a ruler")
  func message() throws {
    let result = try Program.run(["decode", Self.response])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("Binding success response, 80 bytes"))
    #expect(result.output.contains("      00 01 02 03"))
    #expect(result.output.contains("X-Address: ⊕ the magic cookie = 192.0.2.1"))
    #expect(result.output.contains("MESSAGE-INTEGRITY is not checked"))
  }

  @Test("With the password it says which key fits; with another one it ends with 1")
  func password() throws {
    let right = try Program.run(
      ["decode", Self.response, "--password", "VOkJxbRl1RmTxUk/WvJxBt"])
    #expect(right.exitCode == 0)
    #expect(right.output.contains("MESSAGE-INTEGRITY is right: the short-term key fits"))
    let wrong = try Program.run(["decode", Self.response, "--password", "x"])
    #expect(wrong.exitCode == 1)
    #expect(wrong.output.contains("byte 48, MESSAGE-INTEGRITY: does not fit the password given"))
  }

  @Test("RFC 5769 §2.4 is verified with name, realm and password")
  func longTerm() throws {
    let request = """
      000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b90000\
      0015001c662f2f3439396b3935346436 4f4c33346f4c394653547679363473410014000b6578616d706c652e6f72670000\
      080014f67024656dd64a3e02b8e0712e85c9a28ca89666
      """.replacing(" ", with: "")
    let result = try Program.run(["decode", request, "--password", "TheMatrIX"])
    #expect(result.output.contains("the long-term (MD5) key fits"))
    #expect(result.exitCode == 0)
  }

  @Test("What is cut is shown as far as it goes, with its place and section, and ends with 1")
  func cut() throws {
    let result = try Program.run(["decode", "0101003c2112a442"])
    #expect(result.exitCode == 1)
    #expect(result.output.contains("byte 8: a STUN message opens with a header of 20 bytes"))
    #expect(result.output.contains("(RFC 8489 §5)"))
  }

  @Test("Text that is no hexadecimal is bad data, with line and column")
  func badText() throws {
    let result = try Program.run(["decode", "01 zz"])
    #expect(result.exitCode == 65)
    #expect(result.errorOutput.contains("arguments:1:4: "))
    #expect(!result.errorOutput.contains("line 1"))
  }

  @Test("A file that is not there is said to be missing")
  func missingFile() throws {
    #expect(try Program.run(["decode", "./no-such-file.pcap"]).exitCode == 69)
  }

  @Test("JSON says the same as the text")
  func json() throws {
    struct Report: Decodable {
      struct Message: Decodable {
        var kind: String
        var transactionID: String
        var attributes: [Attribute]
        var fingerprint: String
      }
      struct Attribute: Decodable {
        var name: String
        var offset: Int
        var fields: [String: String]
      }
      var messages: [Message]
    }
    let result = try Program.run(["decode", "--json", Self.response])
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    let message = try #require(report.messages.first)
    #expect(message.kind == "STUN")
    #expect(message.transactionID == "b7e7a701bc34d686fa87dfae")
    #expect(message.fingerprint == "verified")
    #expect(message.attributes.map(\.offset) == [20, 36, 48, 72])
    #expect(
      message.attributes[1].fields
        == ["family": "IPv4", "address": "192.0.2.1", "port": "32853"])
  }

  /// A capture of raw IP packets (link type 101) with one Binding request, which nothing answers.
  private static let liveCapture: [UInt8] = {
    let request: [UInt8] = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42] + Array(1...12)
    let packet = Packet(from: "192.0.2.1:50000", to: "198.51.100.1:3478")
    return rawCapture([packet.bytes(payload: request)])
  }()

  @Test("Ctrl-C on a live capture ends it, and what came is summed up", .timeLimit(.minutes(1)))
  func liveCapture() throws {
    let folder = TestFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (pipe, printed) = (folder + "/pipe", folder + "/printed")
    try #require(mkfifo(pipe, 0o600) == 0)
    // Both ends: opening one alone would wait for the program, and the pipe must not end.
    let descriptor = open(pipe, O_RDWR)
    defer { close(descriptor) }
    let program = try BackgroundProgram([Program.executable, "decode", pipe], output: printed)
    let count = Self.liveCapture.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    try #require(count == Self.liveCapture.count)
    // What has come is shown before the capture ends.
    var output = ""
    while !output.contains("Binding request, 20 bytes") {
      usleep(10_000)
      output = String(decoding: try Data(contentsOf: URL(filePath: printed)), as: UTF8.self)
    }
    #expect(program.stop(SIGINT) == 0)
    output = String(decoding: try Data(contentsOf: URL(filePath: printed)), as: UTF8.self)
    #expect(output.contains("Summary"))
    #expect(output.contains("1 sent; 0 of 1 answered"))
  }
}
