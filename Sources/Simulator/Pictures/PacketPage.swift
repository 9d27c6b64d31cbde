import IPPacket
import TransportAddress

/// An IPv4 packet as a picture: its headers, one after the other, and its payload.
///
///     ┌ IP header, 20 bytes
///     │ from 10.0.0.2 to 203.0.113.9
///     │ TTL 64, carries UDP, checksum 0x61f9
///     ├ UDP header, 8 bytes
///     │ from port 5000 to port 3478, checksum 0x20ab
///     ├ payload, 5 bytes
///     │ hello
///     └
///
/// What is neither UDP nor TCP is payload after the IP header.
public struct PacketPage: Sendable {
  /// The packet, its IP header first.
  public let bytes: [UInt8]

  /// The picture of a packet.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The picture as text, with box-drawing characters.
  public func text() -> String {
    guard let packet = try? Packet(parsing: bytes.span), bytes[0] >> 4 == 4 else {
      return "\(bytes.count) bytes that are no IPv4 packet"
    }
    let header = Int(bytes[0] & 0xF) * 4
    var lines = [
      "┌ IP header, \(header) bytes",
      "│ from \(packet.source.address) to \(packet.destination.address)",
      "│ TTL \(bytes[8]), carries \(packet.protocol), checksum \(hexadecimal(at: 10))",
    ]
    var payload = header
    if let length = transportLength(packet, at: header) {
      let flags = if case .segment(let flags) = packet.content { ", \(flags)" } else { "" }
      let checksum = hexadecimal(at: header + (packet.protocol == .udp ? 6 : 16))
      lines += [
        "├ \(packet.protocol) header, \(length) bytes",
        "│ from port \(packet.source.port) to port \(packet.destination.port)\(flags), "
          + "checksum \(checksum)",
      ]
      payload += length
    }
    let end = Int(bytes.span.word(at: 2))
    lines += ["├ payload, \(end - payload) bytes", "│ " + words(bytes[payload..<end]), "└"]
    return lines.joined(separator: "\n")
  }

  /// The length of the UDP or TCP header; nil for another protocol and for later fragments.
  private func transportLength(_ packet: Packet, at header: Int) -> Int? {
    if let fragment = packet.fragment, fragment.offset > 0 { return nil }
    // The packet has been parsed: a header of its protocol is there.
    if packet.protocol == .udp { return 8 }
    return packet.protocol == .tcp ? Int(bytes[header + 12] >> 4) * 4 : nil
  }

  private func hexadecimal(at offset: Int) -> String {
    let digits = String(bytes.span.word(at: offset), radix: 16)
    return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// A payload as text, if it is one; else in hexadecimal, at most 16 bytes.
  private func words(_ payload: ArraySlice<UInt8>) -> String {
    if payload.isEmpty { return "(nothing)" }
    if payload.allSatisfy({ (0x20...0x7E).contains($0) }) {
      return String(decoding: payload, as: UTF8.self)
    }
    let shown = payload.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return shown.joined(separator: " ") + (payload.count > 16 ? " …" : "")
  }
}

extension PacketPage: CustomStringConvertible {
  /// The picture as text.
  public var description: String { text() }
}
