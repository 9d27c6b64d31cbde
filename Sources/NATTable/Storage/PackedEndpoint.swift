import TransportAddress

/// An endpoint as it is stored: IPv4's in one word, IPv6's with the rest of the address beside it.
///
///     ┌─────────────────────────────┬─────────┬─────────┐
///     │ the address's last 32 bits  │ port    │ 0       │  word
///     └─────────────────────────────┴─────────┴─────────┘
///
struct PackedEndpoint {
  var word: UInt64
  /// What IPv6 addresses have besides; 0 in IPv4.
  var high: UInt64 = 0
  var middle: UInt32 = 0
  var isV6 = false

  @inline(__always)
  init(_ endpoint: TransportAddress) {
    switch endpoint.address {
    case .v4(let address): self.init(address, port: endpoint.port)
    case .v6(let address):
      self.init(
        word: address.low << 32 | UInt64(endpoint.port) << 16, high: address.high,
        middle: UInt32(truncatingIfNeeded: address.low >> 32), isV6: true)
    }
  }

  @inline(__always)
  init(_ address: IPv4Address, port: UInt16) {
    word = UInt64(address.rawValue) << 32 | UInt64(port) << 16
  }

  /// - Parameter word: the lowest 16 bits are not part of the endpoint.
  @inline(__always)
  init(word: UInt64, high: UInt64, middle: UInt32, isV6: Bool) {
    self.word = word & ~0xFFFF
    self.high = high
    self.middle = middle
    self.isV6 = isV6
  }

  @inline(__always)
  var endpoint: TransportAddress {
    let last = UInt32(truncatingIfNeeded: word >> 32)
    let address: IPAddress =
      isV6
      ? .v6(IPv6Address(high: high, low: UInt64(middle) << 32 | UInt64(last)))
      : .v4(IPv4Address(rawValue: last))
    return TransportAddress(address, port: port)
  }

  @inline(__always)
  var port: UInt16 { UInt16(truncatingIfNeeded: word >> 16) }
}

extension IPAddress {
  @inline(__always)
  var isV6: Bool {
    switch self {
    case .v4: false
    case .v6: true
    }
  }
}
