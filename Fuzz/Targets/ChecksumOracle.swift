/// Which checksums of a packet are right, summed up from end to end in the plainest way.
struct ChecksumOracle: Equatable {
  /// IPv4's header; always right in IPv6, which has none.
  var header = true
  /// That of UDP, TCP or ICMP; nil where there is none, or it cannot be told.
  var transport: Bool?

  /// - Parameter bytes: a packet whose headers have been found to be whole.
  init(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    if first >> 4 == 6 {
      readV6(bytes)
      return
    }
    let start = Int(first & 0xF) * 4
    let end = Int(bytes[2]) << 8 | Int(bytes[3])
    header = Self.isRight(bytes[..<start])
    let isFragment = bytes[6] & 0x3F != 0 || bytes[7] != 0
    if isFragment { return }
    let body = bytes[start..<min(end, bytes.count)]
    transport = Self.transport(bytes[9], body, pseudo: bytes[12..<20], isV6: false)
  }

  private mutating func readV6(_ bytes: [UInt8]) {
    // With extension headers it is the library's own reading that would be repeated here.
    guard [6, 17, 58].contains(bytes[6]) else { return }
    let end = min(40 + (Int(bytes[4]) << 8 | Int(bytes[5])), bytes.count)
    transport = Self.transport(bytes[6], bytes[40..<end], pseudo: bytes[8..<40], isV6: true)
  }

  private static func transport(
    _ kind: UInt8, _ body: ArraySlice<UInt8>, pseudo: ArraySlice<UInt8>, isV6: Bool
  ) -> Bool? {
    let length = [0, kind, UInt8(body.count >> 8), UInt8(body.count & 255)]
    let start = body.startIndex
    switch kind {
    case 17 where !isV6 && body[start + 6] == 0 && body[start + 7] == 0: return nil
    case 6, 17, 58: return isRight(pseudo + length + body)
    case 1: return isRight(body)
    default: return nil
    }
  }

  private static func isRight(_ bytes: ArraySlice<UInt8>) -> Bool {
    var sum = 0
    for (index, byte) in bytes.enumerated() {
      sum += index.isMultiple(of: 2) ? Int(byte) << 8 : Int(byte)
    }
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    return sum == 0xFFFF
  }
}
