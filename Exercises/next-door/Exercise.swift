import TransportAddress

/// Tells whether an address is in a block such as `192.168.1.0/24`.
///
/// You will need:
///
///     address.rawValue    // its 32 bits, as a UInt32
///     number >> 8         // without its last eight bits
///     32 - bits           // how many bits of the block are free
///
/// - Parameters:
///   - address: the address that is looked for.
///   - block: the first address of the block: `192.168.1.0`.
///   - bits: how many bits of it are fixed, 0 to 32: 24.
/// - Returns: whether the block has the address.
func isIn(_ address: IPv4Address, block: IPv4Address, bits: Int) -> Bool {
  // Your code here.
  return address == block
}
