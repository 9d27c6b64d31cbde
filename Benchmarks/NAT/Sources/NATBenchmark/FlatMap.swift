import TransportAddress

/// The least that a NAT must do for a packet: one probe of a flat map by the packet's source.
///
/// Open addressing, keys and values in one array, a multiplying hash: what a fast general map does,
/// without anything that a NAT needs besides (filters, timers, the way back).
struct FlatMap {
  struct Entry {
    var key: TransportAddress
    var value: UInt32
    var used: Bool
  }

  private var entries: [Entry]
  private let mask: Int

  init(capacity: Int) {
    var size = 8
    while size * 3 < capacity * 4 { size *= 2 }
    entries = Array(
      repeating: Entry(key: TransportAddress("0.0.0.0", port: 0), value: 0, used: false),
      count: size)
    mask = size - 1
  }

  @inline(__always)
  private func hash(_ key: TransportAddress) -> Int {
    guard case .v4(let address) = key.address else { return 0 }
    let word = UInt64(address.rawValue) << 16 | UInt64(key.port)
    let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: product.high ^ product.low) & mask
  }

  @inline(__always)
  func find(_ key: TransportAddress) -> UInt32? {
    var index = hash(key)
    while entries[index].used {
      if entries[index].key == key { return entries[index].value }
      index = (index + 1) & mask
    }
    return nil
  }

  mutating func insert(_ key: TransportAddress, _ value: UInt32) {
    var index = hash(key)
    while entries[index].used { index = (index + 1) & mask }
    entries[index] = Entry(key: key, value: value, used: true)
  }
}
