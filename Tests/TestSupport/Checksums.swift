/// The ones' complement sum of 16-bit words, 0xFFFF where a right checksum is among them
/// (RFC 1071 §1).
///
/// It is computed in the plainest way, and shares nothing with the code that is tested.
public func onesComplementSum(_ bytes: some Sequence<UInt8>) -> Int {
  var total = 0
  for (index, byte) in bytes.enumerated() {
    total += index.isMultiple(of: 2) ? Int(byte) << 8 : Int(byte)
  }
  while total > 0xFFFF { total = (total & 0xFFFF) + (total >> 16) }
  return total
}

/// The checksums of a packet that are wrong, checked from end to end; empty if none is.
///
/// An IPv4 fragment has only its header checked, as its transport checksum covers other packets too.
public func wrongChecksums(of bytes: [UInt8]) -> [String] {
  let isV6 = bytes[0] >> 4 == 6
  let start = isV6 ? 40 : Int(bytes[0] & 0xF) * 4
  let isFragment = !isV6 && (bytes[6] & 0x3F != 0 || bytes[7] != 0)
  var wrong = isV6 ? [] : wrongHeaderChecksum(of: bytes[..<start])
  if isFragment { return wrong }
  let body = Array(bytes[start...])
  let kind = isV6 ? bytes[6] : bytes[9]
  wrong += wrongChecksums(
    ofTransport: kind, addresses: isV6 ? bytes[8..<40] : bytes[12..<20], body: body)
  if (kind == 1 && [3, 11].contains(body[0])) || (kind == 58 && body[0] < 128) {
    let embedded = body[8...]
    if embedded[8] >> 4 == 4 {
      let length = Int(embedded[8] & 0xF) * 4
      wrong += wrongHeaderChecksum(of: embedded.prefix(length)).map { "embedded \($0)" }
    }
  }
  return wrong
}

/// The checksums of a datagram in IPv4 fragments, given in their order, that are wrong.
public func wrongChecksums(ofFragments fragments: [[UInt8]]) -> [String] {
  guard let first = fragments.first else { return ["no fragments"] }
  var wrong: [String] = []
  var body: [UInt8] = []
  for fragment in fragments {
    let start = Int(fragment[0] & 0xF) * 4
    wrong += wrongHeaderChecksum(of: fragment[..<start])
    body += fragment[start...]
  }
  return wrong + wrongChecksums(ofTransport: first[9], addresses: first[12..<20], body: body)
}

private func wrongHeaderChecksum(of header: ArraySlice<UInt8>) -> [String] {
  onesComplementSum(header) == 0xFFFF ? [] : ["IP header"]
}

private func wrongChecksums(
  ofTransport kind: UInt8, addresses: ArraySlice<UInt8>, body: [UInt8]
) -> [String] {
  let length = [UInt8(body.count >> 8), UInt8(body.count & 255)]
  let pseudo = Array(addresses) + [0, kind] + length
  let isV4 = addresses.count == 8
  return switch kind {
  // A UDP checksum of 0 means none (RFC 768).
  case 17 where isV4 && body[6] == 0 && body[7] == 0: []
  case 6, 17, 58: onesComplementSum(pseudo + body) == 0xFFFF ? [] : ["protocol \(kind)"]
  case 1: onesComplementSum(body) == 0xFFFF ? [] : ["ICMP"]
  default: []
  }
}
