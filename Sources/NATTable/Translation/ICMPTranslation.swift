public import IPPacket

/// The types and codes of ICMP errors in the other version (RFC 7915 §4.2 and §5.2).
extension ICMPError.Kind {
  /// What an ICMPv4 error is in ICMPv6; nil if it has no counterpart (RFC 7915 §4.2).
  ///
  /// A parameter problem becomes one only if ``pointerInIPv6(_:)`` has a place for it too.
  public var inIPv6: ICMPError.Kind? {
    switch (type, code) {
    // Net and host unreachable, source route failed, unknown, isolated, for this type of service
    case (3, 0), (3, 1), (3, 5...8), (3, 11), (3, 12): ICMPError.Kind(type: 1, code: 0)
    case (3, 2): ICMPError.Kind(type: 4, code: 1)
    case (3, 3): ICMPError.Kind(type: 1, code: 4)
    case (3, 4): ICMPError.Kind(type: 2, code: 0)
    // Prohibited in four ways
    case (3, 9), (3, 10), (3, 13), (3, 15): ICMPError.Kind(type: 1, code: 1)
    case (11, _): ICMPError.Kind(type: 3, code: code)
    case (12, 0), (12, 2): ICMPError.Kind(type: 4, code: 0)
    default: nil
    }
  }

  /// What an ICMPv6 error is in ICMPv4; nil if it has no counterpart (RFC 7915 §5.2).
  ///
  /// A parameter problem becomes one only if ``pointerInIPv4(_:)`` has a place for it too.
  public var inIPv4: ICMPError.Kind? {
    switch (type, code) {
    // No route, beyond the source's scope, address unreachable
    case (1, 0), (1, 2), (1, 3): ICMPError.Kind(type: 3, code: 1)
    case (1, 1): ICMPError.Kind(type: 3, code: 10)
    case (1, 4): ICMPError.Kind(type: 3, code: 3)
    case (2, _): ICMPError.Kind(type: 3, code: 4)
    case (3, _): ICMPError.Kind(type: 11, code: code)
    case (4, 0): ICMPError.Kind(type: 12, code: 0)
    case (4, 1): ICMPError.Kind(type: 3, code: 2)
    default: nil
    }
  }

  /// Where in an IPv6 header the field is that a pointer into an IPv4 header points to (figure 3).
  public static func pointerInIPv6(_ pointer: UInt8) -> UInt8? {
    switch pointer {
    case 0: 0  // version
    case 1: 1  // type of service, traffic class
    case 2, 3: 4  // total length, payload length
    case 8: 7  // time to live, hop limit
    case 9: 6  // protocol, next header
    case 12...15: 8  // source
    case 16...19: 24  // destination
    default: nil
    }
  }

  /// Where in an IPv4 header the field is that a pointer into an IPv6 header points to (figure 6).
  public static func pointerInIPv4(_ pointer: UInt32) -> UInt8? {
    switch pointer {
    case 0: 0  // version
    case 1: 1  // traffic class, type of service
    case 4, 5: 2  // payload length, total length
    case 6: 9  // next header, protocol
    case 7: 8  // hop limit, time to live
    case 8...23: 12  // source
    case 24...39: 16  // destination
    default: nil
    }
  }
}

/// The echo messages, the only queries that both versions have.
enum Echo {
  /// The ICMPv6 type of an ICMPv4 echo message.
  static func inIPv6(_ type: UInt8) -> UInt8? { type == 8 ? 128 : type == 0 ? 129 : nil }

  /// The ICMPv4 type of an ICMPv6 echo message.
  static func inIPv4(_ type: UInt8) -> UInt8? { type == 128 ? 8 : type == 129 ? 0 : nil }
}

extension HeaderTranslator {
  /// The MTU that an ICMPv6 packet too big states for an ICMPv4 fragmentation needed (RFC 7915
  /// §4.2).
  ///
  /// - Parameter totalLength: of the packet that was too big. Routers older than RFC 1191 state no
  ///   MTU; it is then guessed as the next of that RFC's plateaus below this length.
  func mtuInIPv6(_ stated: UInt16, totalLength: Int) -> UInt32 {
    var mtu = Int(stated)
    if mtu == 0 { mtu = plateau(below: totalLength) }
    return UInt32(max(1280, min(mtu + 20, ipv6MTU, ipv4MTU + 20)))
  }

  /// RFC 1191 §7, table 7-1, as far as IPv6 has such links.
  private func plateau(below length: Int) -> Int {
    switch length {
    case 65536...: 65535
    case 32001...: 32000
    case 17915...: 17914
    case 8167...: 8166
    case 4353...: 4352
    case 2003...: 2002
    case 1493...: 1492
    default: 0
    }
  }

  /// The MTU that an ICMPv4 fragmentation needed states for an ICMPv6 packet too big (RFC 7915
  /// §5.2).
  ///
  /// - Parameter hadFragmentHeader: whether the packet that was too big had one: in IPv4 its eight
  ///   bytes are gone.
  func mtuInIPv4(_ stated: UInt32, hadFragmentHeader: Bool) -> UInt32 {
    let difference = hadFragmentHeader ? 28 : 20
    let mtu = min(Int(stated) - difference, ipv4MTU, ipv6MTU - difference)
    // 68 bytes is what every IPv4 link takes (RFC 791 §3.2).
    return UInt32(min(65535, max(68, mtu)))
  }
}
