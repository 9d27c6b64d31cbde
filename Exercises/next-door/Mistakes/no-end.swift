// Fails: An address of the next block is not
// You ask only where the block begins. It ends as well, where its free bits are all ones.
import TransportAddress

func isIn(_ address: IPv4Address, block: IPv4Address, bits: Int) -> Bool {
  address.rawValue >= block.rawValue
}
