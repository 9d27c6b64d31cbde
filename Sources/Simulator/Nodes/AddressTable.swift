import SansIO
import TransportAddress

/// The nodes behind a router by IPv4 address.
struct AddressTable: Sendable {
  private var nodes = SlotTable<Key>(seed: 0)

  private struct Key: SlotKey {
    let address: UInt32

    /// The upper half of a product, which depends on all bits of the address: no attacker chooses the
    /// addresses of a simulation, so that the seed does not count.
    @inline(__always)
    func mixed(with seed: UInt64) -> UInt64 {
      (UInt64(address) &* 0x9E37_79B9_7F4A_7C15) >> 32
    }
  }

  /// The node with an address; nil if there is none.
  ///
  /// - Complexity: O(1) on average.
  subscript(address: IPv4Address) -> NodeID? {
    get { nodes[Key(address: address.rawValue)].map { NodeID($0) } }
    set { nodes[Key(address: address.rawValue)] = newValue?.index }
  }
}
