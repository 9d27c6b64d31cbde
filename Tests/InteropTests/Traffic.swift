import IPPacket
import SansIO
import TransportAddress

@testable import NATTable

/// A script of packets between a few hosts and a few servers, with many collisions of ports.
///
/// TCP keeps to what hosts do: for segments out of nowhere the kernel has rules of its own, and
/// lets them pass untranslated.
struct Traffic {
  private var random: SeededGenerator
  /// Flows that have gone out, by how they look inside and outside.
  private var flows: [(inside: Packet, outside: Packet)] = []
  /// TCP connections with how many segments they have exchanged.
  private var connections: [Packet: Int] = [:]

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  mutating func next() -> (packet: Packet, fromInside: Bool) {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<30: return (udp(), true)
    case 30..<38: return (ping(), true)
    case 38..<48: return (open(), true)
    case 48..<80: return answer()
    case 80..<88: return error()
    default: return (stranger(), false)
    }
  }

  /// Remembers a packet that went through.
  mutating func passed(_ packet: Packet, as translated: Packet, fromInside: Bool) {
    guard fromInside else { return }
    if case .segment(let flags) = packet.content {
      guard flags == .syn else { return }
      connections[packet, default: 0] = 0
    }
    if flows.count == 400 { flows.remove(at: Int.random(in: 0..<400, using: &random)) }
    flows.append((packet, translated))
  }

  // MARK: - Packets

  private mutating func host() -> IPAddress {
    .v4(IPv4Address(10, 0, 0, .random(in: 2...7, using: &random)))
  }

  private mutating func server() -> IPAddress {
    .v4(IPv4Address(198, 51, 100, .random(in: 1...5, using: &random)))
  }

  private mutating func udp() -> Packet {
    let ports: [UInt16] = [53, 123, 600, 1000, 5000, 5001, 5002, 65535]
    return Packet(
      from: TransportAddress(host(), port: ports.randomElement(using: &random)!),
      to: TransportAddress(server(), port: .random(in: 1...6, using: &random)))
  }

  private mutating func ping() -> Packet {
    .query(from: host(), identifier: .random(in: 0...5, using: &random), to: server())
  }

  private mutating func open() -> Packet {
    .tcp(
      .syn, from: TransportAddress(host(), port: .random(in: 40000...40004, using: &random)),
      to: TransportAddress(server(), port: .random(in: 80...82, using: &random)))
  }

  /// The next packet of a flow, from one side or the other.
  private mutating func answer() -> (Packet, Bool) {
    guard let flow = flows.randomElement(using: &random) else { return (udp(), true) }
    guard flow.inside.protocol == .tcp else {
      return Bool.random(using: &random) ? (flow.inside, true) : (flow.outside.reply, false)
    }
    // SYN+ACK, ACK, data both ways
    let step = connections[flow.inside, default: 0]
    connections[flow.inside] = step + 1
    var packet =
      step == 0 ? flow.outside.reply : step.isMultiple(of: 2) ? flow.outside.reply : flow.inside
    if step > 0 { packet.content = .segment(.ack) }
    return (packet, !step.isMultiple(of: 2))
  }

  /// An error about a packet that went out, or about one that never did.
  private mutating func error() -> (Packet, Bool) {
    guard var flow = flows.randomElement(using: &random), flow.inside.protocol != .tcp else {
      return (ping(), true)
    }
    if Int.random(in: 0..<4, using: &random) == 0 { flow.outside.source.port ^= 1 << 14 }
    let kinds: [ICMPError.Kind] = [
      .hostUnreachable, .portUnreachable, .administrativelyProhibited, .timeExceeded,
    ]
    return (
      .error(kinds.randomElement(using: &random)!, from: "192.0.2.254", about: flow.outside), false
    )
  }

  /// A packet that nobody asked for.
  private mutating func stranger() -> Packet {
    if let flow = flows.randomElement(using: &random), flow.outside.protocol == .udp,
      Bool.random(using: &random)
    {
      var packet = flow.outside.reply
      packet.source.port = .random(in: 1...9, using: &random)
      return packet
    }
    return Packet(
      from: TransportAddress(server(), port: .random(in: 1...6, using: &random)),
      to: TransportAddress("203.0.113.7", port: .random(in: 4990...5010, using: &random)))
  }
}
