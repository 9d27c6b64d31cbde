import IPPacket
import STUNCodec
import Terminal
import TransportAddress

/// A field of a packet: its bytes, the name that its RFC gives it, and what it means.
struct PacketField: Hashable, Sendable {
  /// The header or message that it is part of: `IPv4`, `UDP`, `STUN`.
  let part: String
  let name: String
  let meaning: String
  let bytes: Range<Int>
  var isProblem = false

  /// Whether it is part of a header, of IP or of what IP carries.
  var isOfHeader: Bool { part != "STUN" && name != "Data" }

  /// Whether it is an address or a port.
  var isEndpoint: Bool { isOfHeader && (name.hasSuffix("Address") || name.hasSuffix("Port")) }

  /// The fields of a packet from its first byte to its last, each byte in one of them.
  static func fields(of packet: [UInt8]) -> [PacketField] {
    var reader = PacketFieldReader(packet)
    reader.read()
    return reader.fields
  }
}

/// Reads the fields of a packet, header by header.
struct PacketFieldReader {
  let bytes: [UInt8]
  private(set) var fields: [PacketField] = []
  private var part = ""

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func read() {
    let ip: IPLayout
    do throws(PacketError) {
      ip = try IPLayout(bytes.span, at: 0, isWhole: true)
    } catch {
      part = "Packet"
      return add(0..<bytes.count, "Bytes", error.reason.description, isProblem: true)
    }
    if ip.isV6 { readIPv6(ip) } else { readIPv4(ip) }
    if let fragment = ip.fragment, fragment.offset > 0 {
      readData(ip.transport..<ip.end, "Fragment")
    } else {
      switch ip.protocol {
      case .udp where ip.end - ip.transport >= 8: readUDP(ip)
      case .tcp where ip.end - ip.transport >= 20: readTCP(ip)
      case .icmp where ip.end - ip.transport >= 8, .icmpv6 where ip.end - ip.transport >= 8:
        readICMP(ip)
      default: readData(ip.transport..<ip.end, "Data")
      }
    }
    part = "Link"
    if ip.end < bytes.count { add(ip.end..<bytes.count, "Padding", "not part of the packet") }
  }

  // MARK: - IP

  /// RFC 791 §3.1
  private mutating func readIPv4(_ ip: IPLayout) {
    part = "IPv4"
    add(0..<1, "Version, IHL", "version 4, a header of \(ip.transport) bytes")
    add(1..<2, "Type of Service", hexadecimal(1..<2))
    add(2..<4, "Total Length", "\(number(2..<4)) bytes")
    add(4..<6, "Identification", "\(number(4..<6))")
    add(6..<8, "Flags, Fragment Offset", fragmentation(ip))
    add(8..<9, "Time to Live", "\(bytes[8])")
    add(9..<10, "Protocol", "\(ip.protocol)")
    add(10..<12, "Header Checksum", "right")
    add(12..<16, "Source Address", "\(bytes.span.addressV4(at: 12))")
    add(16..<20, "Destination Address", "\(bytes.span.addressV4(at: 16))")
    if ip.transport > 20 { add(20..<ip.transport, "Options", "\(ip.transport - 20) bytes") }
  }

  private func fragmentation(_ ip: IPLayout) -> String {
    if let fragment = ip.fragment { return "\(fragment)" }
    return bytes[6] & 0x40 == 0 ? "may be fragmented" : "DF: must not be fragmented"
  }

  /// RFC 8200 §3
  private mutating func readIPv6(_ ip: IPLayout) {
    part = "IPv6"
    add(0..<4, "Version, Class, Flow", "version 6")
    add(4..<6, "Payload Length", "\(number(4..<6)) bytes")
    add(6..<7, "Next Header", "\(TransportProtocol(rawValue: bytes[6]))")
    add(7..<8, "Hop Limit", "\(bytes[7])")
    add(8..<24, "Source Address", "\(address(at: 8))")
    add(24..<40, "Destination Address", "\(address(at: 24))")
    if ip.transport > 40 {
      add(40..<ip.transport, "Extension Headers", ip.fragment.map { "\($0)" } ?? "stepped over")
    }
  }

  // MARK: - What IP carries

  /// RFC 768
  private mutating func readUDP(_ ip: IPLayout) {
    part = "UDP"
    let start = ip.transport
    add(start..<start + 2, "Source Port", "\(number(start..<start + 2))")
    add(start + 2..<start + 4, "Destination Port", "\(number(start + 2..<start + 4))")
    add(start + 4..<start + 6, "Length", "\(number(start + 4..<start + 6)) bytes")
    addChecksum(start + 6, ip)
    readPayload(start + 8..<ip.end)
  }

  /// RFC 9293 §3.1
  private mutating func readTCP(_ ip: IPLayout) {
    part = "TCP"
    let start = ip.transport
    let payload = min(max(start + 20, start + Int(bytes[start + 12] >> 4) * 4), ip.end)
    add(start..<start + 2, "Source Port", "\(number(start..<start + 2))")
    add(start + 2..<start + 4, "Destination Port", "\(number(start + 2..<start + 4))")
    add(start + 4..<start + 8, "Sequence Number", "\(number(start + 4..<start + 8))")
    add(start + 8..<start + 12, "Acknowledgment Number", "\(number(start + 8..<start + 12))")
    let flags = TCPFlags(rawValue: bytes[start + 13])
    add(
      start + 12..<start + 14, "Data Offset, Control Bits",
      "a header of \(payload - start) bytes" + (flags.isEmpty ? "" : ", \(flags)"))
    add(start + 14..<start + 16, "Window", "\(number(start + 14..<start + 16)) bytes")
    addChecksum(start + 16, ip)
    add(start + 18..<start + 20, "Urgent Pointer", "\(number(start + 18..<start + 20))")
    if payload > start + 20 {
      add(start + 20..<payload, "Options", "\(payload - start - 20) bytes")
    }
    readPayload(payload..<ip.end)
  }

  /// RFC 792, RFC 4443 §2.1
  private mutating func readICMP(_ ip: IPLayout) {
    part = ip.isV6 ? "ICMPv6" : "ICMP"
    let start = ip.transport
    let packet = try? Packet(parsing: bytes.span)
    let meaning: String
    var isError = false
    switch packet?.content {
    case .query: meaning = "\(bytes[start]), echo request"
    case .reply: meaning = "\(bytes[start]), echo reply"
    case .error(let error):
      meaning = "\(bytes[start]), \(packet?.name(of: error.kind) ?? "an error")"
      isError = true
    default: meaning = "\(bytes[start])"
    }
    add(start..<start + 1, "Type", meaning)
    add(start + 1..<start + 2, "Code", "\(bytes[start + 1])")
    add(start + 2..<start + 4, "Checksum", hexadecimal(start + 2..<start + 4))
    if isError {
      add(start + 4..<start + 8, "Rest of Header", hexadecimal(start + 4..<start + 8))
      readData(start + 8..<ip.end, "Packet in Error")
    } else {
      add(start + 4..<start + 6, "Identifier", "\(number(start + 4..<start + 6))")
      add(start + 6..<start + 8, "Sequence Number", "\(number(start + 6..<start + 8))")
      readData(start + 8..<ip.end, "Data")
    }
  }

  /// A checksum over the addresses, the protocol, the length and all that follows the IP header
  /// (RFC 768, RFC 9293 §3.1, RFC 8200 §8.1).
  private mutating func addChecksum(_ position: Int, _ ip: IPLayout) {
    let range = position..<position + 2
    guard ip.fragment == nil else { return add(range, "Checksum", hexadecimal(range)) }
    guard number(range) != 0 || ip.protocol != .udp else { return add(range, "Checksum", "none") }
    var checksum = Checksum()
    checksum.add(bytes.span, in: ip.source..<ip.destination + (ip.isV6 ? 16 : 4))
    checksum.add(UInt16(ip.protocol.rawValue))
    checksum.add(UInt16(truncatingIfNeeded: ip.end - ip.transport))
    checksum.add(bytes.span, in: ip.transport..<ip.end)
    let isRight = checksum.value == 0
    add(range, "Checksum", isRight ? "right" : "wrong", isProblem: !isRight)
  }

  // MARK: - What that carries

  private mutating func readPayload(_ range: Range<Int>) {
    let payload = Array(bytes[range])
    guard (try? STUNMessageView(payload.span.bytes)) != nil else { return readData(range, "Data") }
    part = "STUN"
    for field in STUNAnnotation.fields(of: payload) where field.hasWholeBytes {
      let place = field.byteRange
      add(
        range.lowerBound + place.lowerBound..<range.lowerBound + place.upperBound, field.name,
        field.meaning, isProblem: field.isProblem)
    }
  }

  private mutating func readData(_ range: Range<Int>, _ name: String) {
    guard !range.isEmpty else { return }
    part = name
    let data = bytes[range]
    let isText = data.allSatisfy { (0x20...0x7E).contains($0) }
    add(
      range, name,
      isText ? String(decoding: data, as: UTF8.self).debugDescription : "\(range.count) bytes")
  }

  // MARK: - Fields

  private mutating func add(
    _ range: Range<Int>, _ name: String, _ meaning: String, isProblem: Bool = false
  ) {
    fields.append(
      PacketField(part: part, name: name, meaning: meaning, bytes: range, isProblem: isProblem))
  }

  private func number(_ range: Range<Int>) -> UInt64 {
    bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func address(at offset: Int) -> IPv6Address {
    IPv6Address(high: number(offset..<offset + 8), low: number(offset + 8..<offset + 16))
  }

  private func hexadecimal(_ range: Range<Int>) -> String {
    "0x" + bytes[range].map(\.hexadecimal).joined()
  }
}

extension UInt8 {
  /// Two digits.
  var hexadecimal: String {
    let digits = String(self, radix: 16, uppercase: true)
    return self < 16 ? "0" + digits : digits
  }
}
