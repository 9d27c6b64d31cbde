import IPPacket
import STUNCodec
public import SansIO
import Simulator
import TransportAddress

/// A packet at a host's interface, as one line of a ladder tells it.
public struct CapturedPacket: Hashable, Sendable {
  /// When it was there.
  public let time: Instant
  /// Whether the host has sent it.
  public let isSent: Bool
  /// Who it says it is from.
  public let source: String
  /// Who it is for.
  public let destination: String
  /// What it is: `Binding request e58D:lJVm`, with the USERNAME and the peers that it names.
  public let content: String

  init(_ bytes: [UInt8], isSent: Bool, at time: Instant) {
    let words = PacketWords(bytes)
    (self.time, self.isSent) = (time, isSent)
    (source, destination) = (words.source, words.destination)
    guard let payload = Self.payload(of: bytes) else {
      content = words.content
      return
    }
    let said = Self.said(by: payload.bytes)
    guard payload.isTCP else {
      content = words.content + said
      return
    }
    content = PacketWords.stun(payload.bytes).map { "TCP \($0)\(said)" } ?? words.content
  }

  /// Who a STUN message says it is from, and which peers it is about; empty for other bytes.
  private static func said(by payload: [UInt8]) -> String {
    guard let message = try? STUNMessage(payload) else { return "" }
    var text = ""
    if let name = try? message.username {
      text = " \(name)"
    } else if (try? message.userhash) != nil {
      text = " with USERHASH"
    }
    guard message.type.class == .request, let peers = try? message.xorPeerAddresses,
      !peers.isEmpty
    else { return text }
    return text + " for " + peers.map { "\($0.address)" }.joined(separator: ", ")
  }

  /// The line without the time: `10.0.0.2:5000 → 203.0.113.9:3478  Binding request`.
  public var line: String {
    isSent ? "\(source) → \(destination)  \(content)" : "\(destination) ← \(source)  \(content)"
  }

  /// What a datagram or a segment carries; nil for other packets and if it carries nothing.
  private static func payload(of bytes: [UInt8]) -> (bytes: [UInt8], isTCP: Bool)? {
    guard let ip = try? IPLayout(bytes.span, at: 0, isWhole: true) else { return nil }
    let isTCP = ip.protocol == .tcp
    guard isTCP || ip.protocol == .udp, ip.end - ip.transport >= (isTCP ? 20 : 8) else {
      return nil
    }
    let header = isTCP ? Int(bytes[ip.transport + 12] >> 4) * 4 : 8
    let start = ip.transport + header
    return start < ip.end ? (Array(bytes[start..<ip.end]), isTCP) : nil
  }
}

/// Packets of a capture that say the same, as one line.
public struct CapturedPackets: Hashable, Sendable {
  /// The first of them.
  public let first: CapturedPacket
  /// How many there are.
  public private(set) var count = 1
  /// When the last was there.
  public private(set) var lastTime: Instant

  /// The line: `0.0 ms  10.0.0.2:5000 → 203.0.113.9:3478  Binding request, 7 until 31.500 s`.
  public var line: String {
    "\(first.time.pictured)  \(first.line)"
      + (count == 1 ? "" : ", \(count) until \(lastTime.pictured)")
  }

  /// The packets of a capture, each kind where its first one was; empty TCP segments are left out.
  ///
  /// - Complexity: O(n) on average for n packets.
  public static func grouped(_ packets: [CapturedPacket]) -> [CapturedPackets] {
    var groups: [CapturedPackets] = []
    var places: [String: Int] = [:]
    for packet in packets where packet.content != "TCP ACK" && packet.content != "TCP" {
      if let place = places[packet.line] {
        groups[place].count += 1
        groups[place].lastTime = packet.time
      } else {
        places[packet.line] = groups.count
        groups.append(CapturedPackets(first: packet, lastTime: packet.time))
      }
    }
    return groups
  }
}
