import TransportAddress

func isIn(_ address: IPv4Address, block: IPv4Address, bits: Int) -> Bool {
  let free = 32 - bits
  return address.rawValue >> free == block.rawValue >> free
}
