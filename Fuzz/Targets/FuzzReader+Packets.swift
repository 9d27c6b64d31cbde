import IPPacket
internal import NATTable
internal import TransportAddress

/// Where packets come from and go to; read from their texts once, as an input has many.
private struct Ends {
  let v4: [IPAddress]
  let v6: [IPAddress]

  static let inside = Ends(
    v4: ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.9"], v6: ["fd00::2", "fd00::3", "fd00::4"])
  static let remote = Ends(
    v4: ["198.51.100.1", "198.51.100.2", "192.0.2.9"], v6: ["2001:db8:1::1", "2001:db8:1::2"])
  static let outside = Ends(
    v4: ["203.0.113.7", "203.0.113.8", "203.0.113.99"], v6: ["2001:db8::7"])
  static let ports: [UInt16] = [5000, 5001, 5002, 5003, 80, 1000, 0, 65535]
}

/// Packets between a few hosts and a few servers, so that ports and ends often meet.
extension FuzzReader {
  private mutating func endpoint(_ ends: Ends, _ isV6: Bool) -> TransportAddress {
    TransportAddress(one(of: isV6 ? ends.v6 : ends.v4), port: one(of: Ends.ports))
  }

  /// A packet from the inside or the outside; those from the inside may be for the NAT itself.
  mutating func packet(fromInside: Bool) -> Packet {
    let choice = byte()
    let isV6 = choice & 0x80 != 0
    let turnsRound = choice & 0x70 == 0x70
    let ends = (
      from: endpoint(fromInside ? .inside : .remote, isV6),
      to: endpoint(fromInside && !turnsRound ? .remote : .outside, isV6)
    )
    switch choice & 7 {
    case 0, 1, 2: return Packet(from: ends.from, to: ends.to)
    case 3, 4: return .tcp(TCPFlags(rawValue: byte() & 0x17), from: ends.from, to: ends.to)
    case 5:
      return .query(from: ends.from.address, identifier: ends.from.port, to: ends.to.address)
    case 6: return fragment(of: Packet(from: ends.from, to: ends.to))
    default: return error(from: ends.from, to: ends.to)
    }
  }

  private mutating func fragment(of whole: Packet) -> Packet {
    var packet = whole
    let choice = byte()
    packet.fragment = Fragment(
      identification: UInt32(choice & 3), offset: UInt16(choice >> 2 & 3) * 8,
      moreFollow: choice & 0x80 != 0)
    if packet.fragment?.offset != 0 {
      packet.source.port = 0
      packet.destination.port = 0
    }
    return packet
  }

  /// An error about a packet that its receiver may have sent or not.
  private mutating func error(from: TransportAddress, to: TransportAddress) -> Packet {
    let isV6 = if case .v6 = from.address { true } else { false }
    let about =
      byte() & 3 == 0
      ? Packet.query(from: to.address, identifier: to.port, to: from.address)
      : Packet(bool() ? .udp : .tcp, from: to, to: from)
    return .error(
      isV6 ? .init(type: 1, code: 4) : .portUnreachable, from: from.address, about: about)
  }
}
