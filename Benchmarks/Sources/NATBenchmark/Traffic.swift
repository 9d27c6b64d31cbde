import IPPacket
import NATTable
import SansIO
import TransportAddress

/// Flows of UDP from many hosts to one server, and the order in which they are visited.
struct Traffic {
  static let server: TransportAddress = "198.51.100.1:3478"
  static let stranger: TransportAddress = "192.0.2.9:1"

  let count: Int
  /// `1k`, `64k` or `1M`.
  let name: String
  /// The NAT's addresses, each with its 64 512 ports or so.
  let external: [IPAddress]
  /// Inside endpoints in an order that no cache foresees; both sides visit this one.
  let order: [TransportAddress]

  init(_ count: Int) {
    self.count = count
    name = count >= 1_000_000 ? "\(count / 1_000_000)M" : "\(count / 1000)k"
    external = (0...count / 60_000).map {
      IPAddress.v4(IPv4Address(rawValue: 0xCB00_7100 + UInt32($0)))
    }
    var random = SeededGenerator(seed: 1)
    order = (0..<count).map { _ in Self.inside(Int.random(in: 0..<count, using: &random)) }
  }

  /// As many rounds as make a million visits, so that small tables are not measured cold.
  var rounds: Int { max(1, 1_000_000 / count) }

  /// The inside endpoint with a number: 60 ports a host.
  static func inside(_ number: Int) -> TransportAddress {
    TransportAddress(
      .v4(IPv4Address(rawValue: 0x0A00_0000 + UInt32(number / 60))),
      port: UInt16(2000 + number % 60))
  }

  /// A table with a mapping for each flow, and their outside endpoints in the visiting order.
  func table() -> (NATTable, outsides: [TransportAddress]) {
    var table = NATTable(.portRestrictedCone, external: external)
    for number in 0..<count {
      _ = table.outbound(Packet(from: Self.inside(number), to: Self.server), at: .zero)
    }
    precondition(table.count == count)
    let outsides = order.map { inside in
      guard
        case .forward(let sent) = table.outbound(Packet(from: inside, to: Self.server), at: .zero)
      else { fatalError("a flow was dropped") }
      return sent.source
    }
    return (table, outsides)
  }
}
