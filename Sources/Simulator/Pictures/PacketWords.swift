import IPPacket
import STUNCodec
package import SansIO
import TransportAddress

/// A packet in a few words, for an arrow.
package struct PacketWords {
  /// Where it says that it comes from.
  package let source: String
  /// Where it is to go.
  package let destination: String
  /// What it is: `Binding request`, `"hello"`, `ICMP time exceeded`.
  package let content: String

  package init(_ bytes: [UInt8]) {
    guard let packet = try? Packet(parsing: bytes.span) else {
      (source, destination, content) = ("?", "?", "\(bytes.count) bytes")
      return
    }
    // Where the protocol has no ports the address stands alone.
    source = packet.source.port == 0 ? "\(packet.source.address)" : "\(packet.source)"
    destination =
      packet.destination.port == 0 ? "\(packet.destination.address)" : "\(packet.destination)"
    content = Self.content(of: packet, bytes)
  }

  private static func content(of packet: Packet, _ bytes: [UInt8]) -> String {
    if let fragment = packet.fragment, fragment.offset > 0 { return "fragment" }
    switch packet.content {
    case .query: return "echo request"
    case .reply: return "echo reply"
    case .error(let error): return "\(packet.protocol) \(packet.name(of: error.kind))"
    case .segment(let flags):
      if let text = text(bytes[segmentPayload(bytes)]) { return "TCP \(text)" }
      return flags.isEmpty ? "TCP" : "TCP \(flags)"
    case .datagram: return packet.protocol == .udp ? datagram(bytes) : "\(packet.protocol)"
    }
  }

  private static func datagram(_ bytes: [UInt8]) -> String {
    guard let ip = try? IPLayout(bytes.span, at: 0, isWhole: true), ip.end - ip.transport >= 8
    else { return "UDP" }
    let payload = Array(bytes[(ip.transport + 8)..<ip.end])
    if let message = stun(payload) { return message }
    return text(payload[...]) ?? channelData(payload) ?? media(payload)
      ?? "\(payload.count) bytes"
  }

  /// RTP with its sequence number, or RTCP with what is in it first; nil for anything else.
  static func media(_ payload: [UInt8]) -> String? {
    switch PacketKind(payload) {
    // A header has 12 bytes (RFC 3550 §5.1).
    case .rtp where payload.count >= 12: "RTP \(Int(payload[2]) << 8 | Int(payload[3]))"
    case .rtcp where payload[1] == 200: "RTCP sender report"
    case .rtcp where payload[1] == 201: "RTCP receiver report"
    default: nil
    }
  }

  /// The beginning of a payload in quotation marks; nil if it is empty or no text.
  static func text(_ payload: ArraySlice<UInt8>) -> String? {
    let shown = payload.prefix(24)
    guard !payload.isEmpty, shown.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return "\"" + String(decoding: shown, as: UTF8.self) + (payload.count > 24 ? "…" : "") + "\""
  }

  /// Where the payload of a TCP segment stands; empty if its header says something impossible.
  private static func segmentPayload(_ bytes: [UInt8]) -> Range<Int> {
    guard let ip = try? IPLayout(bytes.span, at: 0, isWhole: true), ip.end - ip.transport >= 20
    else { return 0..<0 }
    let start = ip.transport + Int(bytes[ip.transport + 12] >> 4) * 4
    return start <= ip.end ? start..<ip.end : 0..<0
  }

  /// A STUN message by its method and class, with what its receiver learns from it.
  package static func stun(_ payload: [UInt8]) -> String? {
    guard let message = try? STUNMessageView(payload.span.bytes) else { return nil }
    let method = message.type.method.description
    switch message.type.class {
    case .request:
      // A check that nominates its pair (RFC 8445 §7.1.2).
      let nominates = (try? message.useCandidate) == true
      return "\(method) request" + (nominates ? " USE-CANDIDATE" : "")
    case .indication: return relayed(message) ?? "\(method) indication"
    case .successResponse:
      // A response whose address cannot be read is one without.
      let address =
        (try? message.xorRelayedAddress) ?? (try? message.xorMappedAddress)
        ?? (try? message.mappedAddress)
      return "\(method) success" + (address.map { " \($0)" } ?? "")
    case .errorResponse:
      let error = try? message.errorCode
      return "\(method) error" + (error.map { " \($0.rawValue)" } ?? "")
    }
  }
}

extension Instant {
  /// The time for a picture: milliseconds with one decimal, from ten seconds on seconds with three.
  package var pictured: String {
    let isLong = nanoseconds >= 10_000_000_000
    let unit: Int64 = isLong ? 1_000_000 : 100_000
    let rounded = (nanoseconds + unit / 2) / unit
    let base: Int64 = isLong ? 1000 : 10
    let fraction = String(rounded % base + base).dropFirst()
    return "\(rounded / base).\(fraction) \(isLong ? "s" : "ms")"
  }
}
