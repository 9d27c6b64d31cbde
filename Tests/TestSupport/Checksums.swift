/// Checks every checksum of a packet from end to end, in the plainest way, independent of the code
/// that is tested.
///
/// - Returns: what is wrong; empty if nothing is.
func wrongChecksums(of bytes: [UInt8], isEmbedded: Bool = false) -> [String] {
  func sum(_ bytes: some Sequence<UInt8>) -> Int {
    var total = 0
    for (index, byte) in bytes.enumerated() {
      total += index.isMultiple(of: 2) ? Int(byte) << 8 : Int(byte)
    }
    while total > 0xFFFF { total = (total & 0xFFFF) + (total >> 16) }
    return total
  }
  var wrong: [String] = []
  let isV6 = bytes[0] >> 4 == 6
  let start = isV6 ? 40 : Int(bytes[0] & 0xF) * 4
  let addresses = isV6 ? bytes[8..<40] : bytes[12..<20]
  let kind = Int(isV6 ? bytes[6] : bytes[9])
  if !isV6, sum(bytes[..<start]) != 0xFFFF { wrong.append("IP header") }
  if isEmbedded { return wrong }
  let body = Array(bytes[start...])
  let pseudo = Array(addresses) + [0, UInt8(kind), UInt8(body.count >> 8), UInt8(body.count & 255)]
  switch kind {
  case 17 where !isV6 && body[6] == 0 && body[7] == 0: break
  case 6, 17, 58: if sum(pseudo + body) != 0xFFFF { wrong.append("protocol \(kind)") }
  case 1: if sum(body) != 0xFFFF { wrong.append("ICMP") }
  default: break
  }
  if (kind == 1 && [3, 11].contains(body[0])) || (kind == 58 && body[0] < 128) {
    wrong += wrongChecksums(of: Array(body[8...]), isEmbedded: true).map { "embedded \($0)" }
  }
  return wrong
}
