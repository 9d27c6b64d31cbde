extension Field {
  private static let addresses: Set<String> = [
    "MAPPED-ADDRESS", "XOR-MAPPED-ADDRESS", "ALTERNATE-SERVER", "XOR-PEER-ADDRESS",
    "XOR-RELAYED-ADDRESS", "RESPONSE-ORIGIN", "OTHER-ADDRESS",
  ]

  /// The attributes whose values tshark 4.0 shows as bytes alone.
  private static let opaque: Set<String> = [
    "MESSAGE-INTEGRITY-SHA256", "USERHASH", "ALTERNATE-DOMAIN", "DATA", "ACCESS-TOKEN",
    "THIRD-PARTY-AUTHORIZATION", "ADDITIONAL-ADDRESS-FAMILY", "ADDRESS-ERROR-CODE",
    "CONNECTION-ID", "MOBILITY-TICKET", "TRANSACTION_TRANSMIT_COUNTER", "ECN-CHECK STUN", unknown,
  ]

  /// A number that tshark mentions in a remark alone.
  private static let unknown = "0x7F00"

  /// What tshark has of STUN and is not compared, and why.
  static let leftOut: [String: String] = [
    "stun.attributes": "a heading",
    "stun.attribute": "the same as stun.att.type",
    "stun.type.method-assignment": "a bit of the method",
    "stun.att.type.assignment": "a bit of the type",
    "stun.att.padding": "how many bytes the length leaves to the next multiple of four",
    "stun.att.reserved": "bytes that receivers ignore",
    "stun.network_version": "a guess at the RFC that was meant",
    "stun.response-in": "its own pairing of requests and answers",
    "stun.response-to": "its own pairing of requests and answers",
    "stun.reqduplicate": "its own pairing of requests and answers",
    "stun.time": "its own pairing of requests and answers",
    "stun.att.crc32.bad": "the same as stun.att.crc32.status",
    "stun.unknown_attribute": "a remark, for attributes that this version does not know",
    "stun.att.icmp.type": "read without the two reserved bytes of RFC 8656 §18.13",
    "stun.att.icmp.code": "read without the two reserved bytes of RFC 8656 §18.13",
  ]

  static let all: [Field] = [
    Field("stun.type", header: { $0.type.map { hexadecimal($0, 4) } }),
    Field("stun.type.class", header: { $0.type.map { hexadecimal(($0 & 0x110) >> 4, 4) } }),
    Field("stun.type.method", header: { $0.type.map { hexadecimal($0 & ~0x110, 4) } }),
    Field("stun.length", header: { ($0.length ?? $0.dataLength).map(String.init) }),
    Field("stun.cookie", header: { $0.type.map { _ in "2112a442" } }),
    Field("stun.id", header: { $0.transactionID }),
    Field("stun.channel", header: { $0.channel.map { hexadecimal($0, 4) } }),
    Field("stun.att.type") { $0.name == unknown ? [] : [hexadecimal($0.type, 4)] },
    Field("stun.att.type.comprehension") {
      $0.name == unknown ? [] : [$0.isComprehensionRequired ? "0x0000" : "0x0001"]
    },
    Field("stun.att.length") { ["\($0.length)"] },
    Field("stun.value", valueOf: opaque),
    Field("stun.att.family") { attribute in
      guard let family = attribute.fields["family"], !opaque.contains(attribute.name) else {
        return []
      }
      return [family == "IPv4" ? "0x01" : "0x02"]
    },
    address("IPv4"), address("IPv6"),
    Field("stun.att.port", of: addresses, as: "port"),
    xored("stun.att.port-xord", 4..<8, ofBytes: [8, 20]),
    xored("stun.att.ipv4-xord", 8..<16, ofBytes: [8]),
    xored("stun.att.ipv6-xord", 8..<40, ofBytes: [20]),
    Field("stun.att.username", of: ["USERNAME"], as: "text"),
    Field("stun.att.realm", of: ["REALM"], as: "text"),
    Field("stun.att.nonce", of: ["NONCE"], as: "text"),
    Field("stun.att.software", of: ["SOFTWARE"], as: "text"),
    Field("stun.att.pw_alg") { passwordAlgorithms($0).map { "\($0.algorithm)" } },
    Field("stun.att.pw_alg_len") { passwordAlgorithms($0).map { "\($0.parameters.count / 2)" } },
    Field("stun.att.pw_alg_data") {
      passwordAlgorithms($0).map(\.parameters).filter { !$0.isEmpty }
    },
    Field("stun.att.error.class", of: ["ERROR-CODE"], as: "code") { String($0.prefix(1)) },
    Field("stun.att.error", of: ["ERROR-CODE"], as: "code") { "\((Int($0) ?? 0) % 100)" },
    Field("stun.att.error.reason", of: ["ERROR-CODE"], as: "reason"),
    Field("stun.att.unknown", of: ["UNKNOWN-ATTRIBUTES"], as: "types") {
      $0.lowercased().replacing(" ", with: ";")
    },
    Field("stun.att.priority", of: ["PRIORITY"], as: "priority"),
    Field("stun.att.tie-breaker", valueOf: ["ICE-CONTROLLED", "ICE-CONTROLLING"]),
    Field("stun.att.lifetime", of: ["LIFETIME"], as: "seconds"),
    Field("stun.att.channelnum", of: ["CHANNEL-NUMBER"], as: "channel") { $0.lowercased() },
    Field("stun.att.transp", of: ["REQUESTED-TRANSPORT"], as: "protocol") {
      hexadecimal(Int($0) ?? -1, 2)
    },
    Field("stun.att.even-port.reserve-next", of: ["EVEN-PORT"], as: "reservesNext") {
      $0 == "true" ? "1" : "0"
    },
    Field("stun.att.token", valueOf: ["RESERVATION-TOKEN"]),
    Field("stun.att.change-ip", of: ["CHANGE-REQUEST"], as: "changeIP") {
      $0 == "true" ? "1" : "0"
    },
    Field("stun.att.change-port", of: ["CHANGE-REQUEST"], as: "changePort") {
      $0 == "true" ? "1" : "0"
    },
    Field("stun.att.cache-timeout", of: ["CACHE-TIMEOUT"], as: "seconds"),
    Field("stun.att.google.network_id") { googleNetwork($0, 0..<4) },
    Field("stun.att.google.network_cost") { googleNetwork($0, 4..<8) },
    Field("stun.att.hmac", valueOf: ["MESSAGE-INTEGRITY"]),
    Field("stun.att.crc32", valueOf: ["FINGERPRINT"], prefix: "0x"),
    Field(
      "stun.att.crc32.status",
      inMessage: { attribute, message in
        attribute.name == "FINGERPRINT" ? [message.fingerprint == "verified" ? "1" : "0"] : []
      }),
  ]

  private static func hexadecimal(_ value: Int, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  private static func address(_ family: String) -> Field {
    Field("stun.att.\(family.lowercased())") { attribute in
      guard addresses.contains(attribute.name), attribute.fields["family"] == family else {
        return []
      }
      return attribute.fields["address"].map { [$0] } ?? []
    }
  }

  /// A part of the values, in hexadecimal digits, of XORed addresses that have so many bytes.
  private static func xored(
    _ name: String, _ digits: Range<Int>, ofBytes lengths: Set<Int>
  ) -> Field {
    Field(name) { attribute in
      guard attribute.name.hasPrefix("XOR-"), lengths.contains(attribute.length) else { return [] }
      return [part(digits, of: attribute)]
    }
  }

  /// The algorithms of an attribute, with their parameters in hexadecimal.
  private static func passwordAlgorithms(
    _ attribute: Decoded.Message.Attribute
  ) -> [(algorithm: Int, parameters: String)] {
    guard attribute.name.hasPrefix("PASSWORD-ALGORITHM") else { return [] }
    var found: [(Int, String)] = []
    var rest = Substring(attribute.value)
    while rest.count >= 8, let algorithm = Int(rest.prefix(4), radix: 16),
      let length = Int(rest.dropFirst(4).prefix(4), radix: 16)
    {
      found.append((algorithm, String(rest.dropFirst(8).prefix(2 * length))))
      rest = rest.dropFirst(8 + 2 * ((length + 3) & ~3))
    }
    return found
  }

  /// One of the two numbers of GOOG-NETWORK-INFO.
  private static func googleNetwork(
    _ attribute: Decoded.Message.Attribute, _ digits: Range<Int>
  ) -> [String] {
    guard attribute.name == "GOOG-NETWORK-INFO" else { return [] }
    return [Int(part(digits, of: attribute), radix: 16).map(String.init) ?? "none"]
  }

  private static func part(_ digits: Range<Int>, of attribute: Decoded.Message.Attribute) -> String
  {
    String(attribute.value.dropFirst(digits.lowerBound).prefix(digits.count))
  }
}
