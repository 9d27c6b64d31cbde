import FoundationEssentials
import IPPacket
import Terminal
import TestSupport
import Testing
import TransportAddress

/// `decode` with captures: what it says first, what it selects, and how it ends.
@Suite(.serialized, .waitsForChildren) struct DecodeCaptureTests {
  /// A UDP datagram in an IPv4 packet, recorded at so many milliseconds.
  struct Datagram {
    var time: Int
    var source: TransportAddress
    var destination: TransportAddress
    var payload: String
  }

  static let client: TransportAddress = "192.0.2.1:40000"
  static let server: TransportAddress = "198.51.100.1:3478"
  static let other: TransportAddress = "198.51.100.2:3478"

  static func bytes(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8.filter { $0 != 0x20 && $0 != 0x0A })
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
  }

  /// A capture of raw IP packets.
  static func capture(_ datagrams: [Datagram]) -> [UInt8] {
    rawCapture(
      datagrams.map {
        Packet(from: $0.source, to: $0.destination).bytes(payload: bytes($0.payload))
      },
      times: datagrams.map { (1_000_000_000 + Int64($0.time)) * 1_000_000 })
  }

  /// Runs `decode` on a capture in a file of its own.
  static func decode(
    _ datagrams: [Datagram], _ arguments: [String] = ["--plain"]
  ) throws -> Program.Result {
    let path =
      FileManager.default.temporaryDirectory.path
      + "/pathfinder-\(UInt64.random(in: .min ... .max)).pcap"
    try Data(capture(datagrams)).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Program.run(["decode", path] + arguments)
  }

  static let request = "0001 0000 2112a442 4142434445464748494a4b4c"
  static let success = """
    0101 000c 2112a442 4142434445464748494a4b4c 0020 0008 0001 a147 e112a643
    """
  /// 401 with a realm and a nonce, to an Allocate request.
  static let refusal = """
    0113 0018 2112a442 4142434445464748494a4b4c 0009 0004 00000401 0014 0003 61622e00
    0015 0001 6e000000
    """
  static let allocate = "0003 0008 2112a442 4142434445464748494a4b4c 0019 0004 11000000"
  static let classic = "0001 0008 01ccda1156d95962278603047116cc35 0003 0004 00000000"
  static let teams = """
    0001 0015 2112a442 4142434445464748494a4b4d 0006 0009 626262623a61616161 8008 0004 00000006
    """

  static let answered = [
    Datagram(time: 0, source: client, destination: server, payload: request),
    Datagram(time: 20, source: server, destination: client, payload: success),
  ]

  @Test("The whole page is this: what the capture means, its messages, and the ladder")
  func page() throws {
    let result = try Self.decode([
      Datagram(time: 0, source: Self.client, destination: Self.server, payload: Self.allocate),
      Datagram(time: 20, source: Self.server, destination: Self.client, payload: Self.refusal),
      Datagram(time: 100, source: Self.client, destination: Self.other, payload: Self.teams),
      Datagram(time: 900, source: Self.client, destination: Self.other, payload: Self.request),
    ])
    #expect(result.exitCode == 1)
    let path = String(#filePath.dropLast("DecodeCaptureTests.swift".count)) + "Golden/decode.txt"
    if processEnvironment()["RECORD_GOLDEN"] == "1" {
      try Data(result.output.utf8).write(to: URL(filePath: path))
    }
    let golden = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    #expect(result.output == golden)
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("The summary comes first, and alone on request")
  func summary() throws {
    let whole = try Self.decode(Self.answered)
    let alone = try Self.decode(Self.answered, ["--plain", "--summary"])
    #expect(whole.output.hasPrefix("Summary\n\n1 transaction: 1 succeeded.\n"))
    let unwrapped = alone.output.replacing("\n    ", with: " ")
    #expect(unwrapped.contains("1 of 1 answered; round trip 20.0 ms"))
    #expect(!alone.output.contains("Message Type"))
    #expect(whole.output.contains("Message Type"))
  }

  @Test("Ordinary answers end with 0, a failed transaction with 2, a broken message with 1")
  func exitCodes() throws {
    #expect(try Self.decode(Self.answered).exitCode == 0)
    let challenge = [
      Datagram(time: 0, source: Self.client, destination: Self.server, payload: Self.allocate),
      Datagram(time: 20, source: Self.server, destination: Self.client, payload: Self.refusal),
    ]
    #expect(try Self.decode(challenge).exitCode == 0)
    var silent = Self.answered
    silent[1].source = Self.server
    silent[1].time = 9000
    silent[1].payload = "0011 0000 2112a442 4142434445464748494a4b4d"
    #expect(try Self.decode(silent).exitCode == 2)
    #expect(try Self.decode(silent, ["--json"]).exitCode == 2)
    var broken = Self.answered
    broken[0].payload += "00"
    #expect(try Self.decode(broken).exitCode == 1)
  }

  @Test("--frame and --host select, and what is no address is refused")
  func selection() throws {
    let datagrams =
      Self.answered + [
        Datagram(time: 50, source: Self.client, destination: Self.other, payload: Self.classic)
      ]
    let second = try Self.decode(datagrams, ["--plain", "--frame", "2"])
    #expect(second.output.contains("Binding success response, 32 bytes"))
    #expect(!second.output.contains("Binding request, 20 bytes"))
    let host = try Self.decode(datagrams, ["--plain", "--host", "198.51.100.2"])
    #expect(host.output.contains("Binding request, 28 bytes, RFC 3489"))
    #expect(!host.output.contains("198.51.100.1"))
    #expect(try Self.decode(datagrams, ["--host", "nobody"]).exitCode == 64)
  }

  @Test("Times of a second clock are told from its own beginning")
  func clocks() throws {
    var datagrams = Self.answered
    datagrams.append(
      Datagram(
        time: 2_000_000_000_000, source: Self.client, destination: Self.other,
        payload: Self.request))
    let result = try Self.decode(datagrams)
    #expect(result.output.contains("Frame 3, clock 2, 0.000000 s, UDP"))
    #expect(!result.output.contains("2000000000.0"))
  }

  /// What programs read of the JSON form.
  struct Report: Decodable {
    struct Message: Decodable {
      struct Attribute: Decodable {
        var name: String
        var offset: Int
      }
      struct Check: Decodable {
        var result: String
        var password: Int?
      }
      var kind: String
      var dialect: String?
      var frame: Int
      var seconds: Double
      var type: Int?
      var transactionID: String?
      var attributes: [Attribute]
      var integrity: [Check]
      var problems: [Problem]
    }
    struct Problem: Decodable { var offset: Int }
    struct Transaction: Decodable {
      var client: String
      var outcome: String
      var requestFrames: [Int]
      var responseFrame: Int?
      var roundTripSeconds: Double?
      var retransmissions: Int
    }
    struct Summary: Decodable {
      struct Conclusion: Decodable {
        var kind: String
        var frames: [Int]
      }
      var conclusions: [Conclusion]
      var hasFailed: Bool
    }
    var frames: Int
    var unreadFrames: Int
    var messages: [Message]
    var transactions: [Transaction]
    var summary: Summary
  }

  func report(_ datagrams: [Datagram], _ arguments: [String] = []) throws -> Report {
    let result = try Self.decode(datagrams, ["--json"] + arguments)
    return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
  }

  @Test("A message of a dialect keeps type, transaction ID and attributes in JSON")
  func dialect() throws {
    let report = try report([
      Datagram(time: 0, source: Self.client, destination: Self.server, payload: Self.teams)
    ])
    let message = try #require(report.messages.first)
    #expect(message.kind == "STUN")
    #expect(message.dialect == "Microsoft (MS-TURN, MS-ICE2)")
    #expect(message.type == 1)
    #expect(message.transactionID == "4142434445464748494a4b4d")
    #expect(message.attributes.map(\.name) == ["USERNAME", "MS-VERSION"])
    #expect(message.attributes.map(\.offset) == [20, 33])
    #expect(message.problems.map(\.offset) == [2, 33])
    #expect(report.transactions.map(\.requestFrames) == [[1]])
  }

  @Test("A broken message keeps its type and transaction ID too")
  func broken() throws {
    let report = try report([
      Datagram(
        time: 0, source: Self.client, destination: Self.server,
        payload: "0001 0008 2112a442 4142434445464748494a4b4c 0006 0009 61616161")
    ])
    let message = try #require(report.messages.first)
    #expect(message.kind == "malformed")
    #expect(message.transactionID == "4142434445464748494a4b4c")
    #expect(message.attributes.map(\.name) == ["USERNAME"])
    #expect(report.transactions.map(\.outcome) == ["the capture ends before an answer could come"])
  }

  @Test("JSON has the transactions, the summary and no message with --summary")
  func json() throws {
    let whole = try report(Self.answered)
    #expect(whole.messages.map(\.frame) == [1, 2])
    #expect(whole.messages.map(\.seconds) == [0, 0.02])
    #expect(whole.transactions.map(\.outcome) == ["success"])
    #expect(whole.transactions.map(\.roundTripSeconds) == [0.02])
    #expect(whole.frames == 2)
    #expect(!whole.summary.hasFailed)
    #expect(try report(Self.answered, ["--summary"]).messages.isEmpty)
  }

  @Test(
    "What a success or an error response must have and lacks is told",
    arguments: [
      (
        "0111 0000 2112a442 4142434445464748494a4b4c", "ERROR-CODE: an error response must have one"
      ),
      ("0101 0000 2112a442 4142434445464748494a4b4c", "XOR-MAPPED-ADDRESS: a Binding success"),
      ("0103 0000 2112a442 4142434445464748494a4b4c", "XOR-RELAYED-ADDRESS: an Allocate success"),
      ("0103 0000 2112a442 4142434445464748494a4b4c", "LIFETIME: an Allocate success"),
      ("0104 0004 2112a442 4142434445464748494a4b4c 7f000000", "0x7F00: nobody may accept"),
    ])
  func omissions(message: String, told: String) throws {
    let result = try Program.run(["decode", "--plain", message])
    #expect(result.exitCode == 1)
    #expect(result.output.replacing("\n    ", with: " ").contains(told))
  }

  @Test("Classic STUN in hexadecimal is read and named, its attributes too")
  func classicText() throws {
    let result = try Program.run(
      [
        "decode", "--plain",
        "0101000c01ccda1156d95962278603047116cc350005000800010d97c6336402",
      ])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("Binding success response, 32 bytes, RFC 3489"))
    #expect(result.output.contains("CHANGED-ADDRESS"))
    #expect(result.output.contains("198.51.100.2"))
  }

  @Test("Each side of ICE has its own password: which one fits is told")
  func passwords() throws {
    let right = "VOkJxbRl1RmTxUk/WvJxBt"
    let result = try Program.run(
      [
        "decode", "--plain", DecodeTests.response, "--password", "another", "--password", right,
      ])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("the short-term key of password 2 fits"))
    let wrong = try Program.run(
      [
        "decode", "--plain", DecodeTests.response, "--password", "another", "--password", "third",
      ])
    #expect(wrong.exitCode == 1)
    #expect(wrong.output.contains("fits none of the passwords given"))
  }
}
