// Fails: An address of the block is in it
// You move the numbers by as many bits as are fixed. It is the free ones that must fall off.
import TransportAddress

func isIn(_ address: IPv4Address, block: IPv4Address, bits: Int) -> Bool {
  address.rawValue >> bits == block.rawValue >> bits
}
