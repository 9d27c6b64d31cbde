/// How a captured frame begins: libpcap's number, an open registry.
public struct LinkType: RawRepresentable, Hashable, Sendable {
  public let rawValue: Int32

  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// BSD loopback: the family in four bytes, in the byte order of the host.
  public static let null = LinkType(rawValue: 0)
  public static let ethernet = LinkType(rawValue: 1)
  /// Raw IP, as libpcap numbers it in a file on Linux and as the registry does.
  public static let rawDLT = LinkType(rawValue: 12)
  public static let raw = LinkType(rawValue: 101)
  /// OpenBSD loopback: the family in four bytes, highest first.
  public static let loop = LinkType(rawValue: 108)
  /// Linux "cooked", versions 1 and 2: what `tcpdump -i any` records.
  public static let linuxCooked = LinkType(rawValue: 113)
  public static let linuxCooked2 = LinkType(rawValue: 276)
  public static let ipv4 = LinkType(rawValue: 228)
  public static let ipv6 = LinkType(rawValue: 229)
}

extension LinkType {
  /// Which IP protocol a frame carries: the EtherType, after any VLAN tags.
  enum Payload {
    case ipv4
    case ipv6
    case either
  }

  /// Takes the link's header off the reader; nil where what follows is not IP.
  func payload(_ reader: inout ByteReader) -> Payload? {
    switch self {
    case .ethernet:
      guard reader.skip(12) else { return nil }
      return Self.etherType(&reader)
    case .linuxCooked:
      guard reader.skip(14) else { return nil }
      return Self.etherType(&reader)
    case .linuxCooked2:
      guard let type = reader.uint16(), reader.skip(18) else { return nil }
      return Self.payload(ofEtherType: type, &reader)
    case .raw, .rawDLT: return .either
    case .ipv4: return .ipv4
    case .ipv6: return .ipv6
    case .null, .loop:
      // AF_INET is 2 everywhere; AF_INET6 is 10, 24, 28 or 30, in either byte order.
      guard let family = reader.uint32() else { return nil }
      switch max(family & 0xFF, family >> 24) {
      case 2: return .ipv4
      case 10, 24, 28, 30: return .ipv6
      default: return nil
      }
    default: return nil
    }
  }

  private static func etherType(_ reader: inout ByteReader) -> Payload? {
    guard let type = reader.uint16() else { return nil }
    return payload(ofEtherType: type, &reader)
  }

  private static func payload(ofEtherType type: UInt16, _ reader: inout ByteReader) -> Payload? {
    var type = type
    // Tags may be stacked; each is two bytes and then the next type.
    while type == 0x8100 || type == 0x88A8 || type == 0x9100 {
      guard reader.skip(2), let next = reader.uint16() else { return nil }
      type = next
    }
    switch type {
    case 0x0800: return .ipv4
    case 0x86DD: return .ipv6
    default: return nil
    }
  }
}
