import FoundationEssentials
import TestSupport
import Testing

/// What `decode --json` says, as far as it is compared.
struct Decoded: Decodable {
  struct Message: Decodable {
    struct Attribute: Decodable {
      var type: Int
      var name: String
      var length: Int
      var value: String
      var fields: [String: String]
    }

    var kind: String
    var frame: Int
    var type: Int?
    var length: Int?
    var transactionID: String?
    var attributes: [Attribute]
    var fingerprint: String?
    var integrity: [Check]
    var channel: Int?
    var dataLength: Int?
    var problems: [Problem]
    var nested: [Message]

    struct Check: Decodable {
      var result: String
      var key: String?
    }
    struct Problem: Decodable { var message: String }
  }

  var messages: [Message]
  var frames: Int

  /// Decodes a capture with the program.
  init(_ capture: String, _ arguments: [String] = []) throws {
    let result = try Program.run(["decode", "--json", capture] + arguments)
    self = try JSONDecoder().decode(Decoded.self, from: Data(result.output.utf8))
  }
}

/// One field as tshark names it, and how the program's JSON says the same.
struct Field: Sendable {
  let name: String
  let values: @Sendable (Decoded.Message) -> [String]

  init(_ name: String, _ values: @escaping @Sendable (Decoded.Message) -> [String]) {
    self.name = name
    self.values = values
  }

  /// A field that some attributes have, under a name of ours.
  init(
    _ name: String, of attributes: Set<String>, as part: String,
    _ spelled: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.init(name) { message in
      message.attributes.filter { attributes.contains($0.name) }
        .compactMap { $0.fields[part].map(spelled) }
    }
  }

  static let addresses: Set<String> = [
    "MAPPED-ADDRESS", "XOR-MAPPED-ADDRESS", "ALTERNATE-SERVER", "XOR-PEER-ADDRESS",
    "XOR-RELAYED-ADDRESS", "RESPONSE-ORIGIN", "OTHER-ADDRESS",
  ]

  static func hexadecimal(_ value: Int, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  static func family(_ name: String) -> Field {
    Field("stun.att.\(name.lowercased())") { message in
      message.attributes.filter { addresses.contains($0.name) && $0.fields["family"] == name }
        .compactMap { $0.fields["address"] }
    }
  }

  static let all: [Field] = [
    Field("stun.type") { $0.type.map { [hexadecimal($0, 4)] } ?? [] },
    Field("stun.length") { message in
      [message.length ?? message.dataLength].compactMap { $0.map(String.init) }
    },
    Field("stun.id") { $0.transactionID.map { [$0] } ?? [] },
    Field("stun.channel") { $0.channel.map { [hexadecimal($0, 4)] } ?? [] },
    Field("stun.att.type") { $0.attributes.map { hexadecimal($0.type, 4) } },
    Field("stun.att.length") { $0.attributes.map { "\($0.length)" } },
    family("IPv4"), family("IPv6"),
    Field("stun.att.port", of: addresses, as: "port"),
    Field("stun.att.username", of: ["USERNAME"], as: "text"),
    Field("stun.att.realm", of: ["REALM"], as: "text"),
    Field("stun.att.nonce", of: ["NONCE"], as: "text"),
    Field("stun.att.software", of: ["SOFTWARE"], as: "text"),
    Field("stun.att.error.class", of: ["ERROR-CODE"], as: "code") { String($0.prefix(1)) },
    Field("stun.att.error", of: ["ERROR-CODE"], as: "code") { "\((Int($0) ?? 0) % 100)" },
    Field("stun.att.error.reason", of: ["ERROR-CODE"], as: "reason"),
    Field("stun.att.priority", of: ["PRIORITY"], as: "priority"),
    Field("stun.att.tie-breaker") { message in
      message.attributes.filter { ["ICE-CONTROLLED", "ICE-CONTROLLING"].contains($0.name) }
        .map(\.value)
    },
    Field("stun.att.lifetime", of: ["LIFETIME"], as: "seconds"),
    Field("stun.att.channelnum", of: ["CHANNEL-NUMBER"], as: "channel") { $0.lowercased() },
    Field("stun.att.transp", of: ["REQUESTED-TRANSPORT"], as: "protocol") {
      hexadecimal(Int($0) ?? -1, 2)
    },
    Field("stun.att.unknown", of: ["UNKNOWN-ATTRIBUTES"], as: "types") {
      $0.lowercased().replacing(" ", with: ";")
    },
    Field("stun.att.even-port.reserve-next", of: ["EVEN-PORT"], as: "reservesNext") {
      $0 == "true" ? "1" : "0"
    },
    Field("stun.att.token") { message in
      message.attributes.filter { $0.name == "RESERVATION-TOKEN" }.map(\.value)
    },
    // ICMP is left out: this tshark reads it without the two reserved bytes of RFC 8656 §18.13.
    Field("stun.att.change-ip", of: ["CHANGE-REQUEST"], as: "changeIP") {
      $0 == "true" ? "1" : "0"
    },
    Field("stun.att.change-port", of: ["CHANGE-REQUEST"], as: "changePort") {
      $0 == "true" ? "1" : "0"
    },
    Field("stun.att.cache-timeout", of: ["CACHE-TIMEOUT"], as: "seconds"),
    Field("stun.att.hmac") { message in
      message.attributes.filter { $0.name == "MESSAGE-INTEGRITY" }.map(\.value)
    },
    Field("stun.att.crc32") { message in
      message.attributes.filter { $0.name == "FINGERPRINT" }.map { "0x" + $0.value }
    },
    Field("stun.att.crc32.status") { message in
      switch message.fingerprint {
      case "verified": ["1"]
      case "wrong": ["0"]
      default: []
      }
    },
  ]
}

/// Compares every field of every frame of a capture with what tshark finds; returns how many values
/// were equal.
func compareWithTshark(
  _ capture: String, _ decoded: Decoded, sourceLocation: SourceLocation = #_sourceLocation
) throws -> Int {
  let fields = Field.all
  let result = try Program.run(
    "tshark",
    ["-r", capture, "-T", "fields", "-E", "aggregator=;", "-e", "frame.number"]
      + fields.flatMap { ["-e", $0.name] })
  var equal = 0
  for line in result.output.split(separator: "\n") {
    let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard let frame = Int(columns[0]), columns.count == fields.count + 1 else { continue }
    let messages = decoded.messages.filter { $0.frame == frame }
    for (index, field) in fields.enumerated() {
      let ours = messages.flatMap { [$0] + $0.nested }.flatMap(field.values)
        .joined(separator: ";")
      let theirs = String(columns[index + 1]).replacing(
        ":", with: field.name == "stun.id" ? "" : ":")
      #expect(ours == theirs, "frame \(frame), \(field.name)", sourceLocation: sourceLocation)
      if ours == theirs, !ours.isEmpty { equal += 1 }
    }
  }
  return equal
}
