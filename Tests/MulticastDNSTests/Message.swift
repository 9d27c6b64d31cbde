import MulticastDNS

/// A DNS message as a test writes it, byte for byte (RFC 1035 §4.1).
struct Message {
  var id: UInt16 = 0
  /// A response of an authority, without an error.
  var flags: UInt16 = 0x8400
  var questions: [[UInt8]] = []
  var answers: [[UInt8]] = []
  var additional: [[UInt8]] = []

  var bytes: [UInt8] {
    number(id) + number(flags) + number(questions.count) + number(answers.count) + number(0)
      + number(additional.count) + questions.joined() + answers.joined() + additional.joined()
  }
}

func number(_ value: some BinaryInteger) -> [UInt8] {
  [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
}

/// A name without pointers: `a.local`.
func name(_ text: String) -> [UInt8] {
  text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + $0.utf8 } + [0]
}

/// A record with the cache-flush bit in its class.
func record(
  _ owner: [UInt8], _ type: DNSRecordType, _ data: [UInt8], class: UInt16 = 0x8001,
  timeToLive: UInt32 = 120
) -> [UInt8] {
  owner + number(type.rawValue) + number(`class`) + number(timeToLive >> 16) + number(timeToLive)
    + number(data.count) + data
}

func a(_ owner: String, _ address: [UInt8] = [192, 0, 2, 7], timeToLive: UInt32 = 120) -> [UInt8] {
  record(name(owner), .a, address, timeToLive: timeToLive)
}

/// 2001:db8::7, unless it is told another one.
func aaaa(
  _ owner: String,
  _ address: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [7]
) -> [UInt8] {
  record(name(owner), .aaaa, address)
}

/// Says that the name has an A record and no AAAA record, or the other way round.
func nsec(_ owner: String, hasA: Bool) -> [UInt8] {
  record(name(owner), .nsec, name(owner) + (hasA ? [0, 1, 0x40] : [0, 4, 0, 0, 0, 8]))
}
