// Fails: A block need not end at a dot
// You compare whole numbers between the dots. Of 12 fixed bits four are in the second number, and the
// other four of it are free.
import TransportAddress

func isIn(_ address: IPv4Address, block: IPv4Address, bits: Int) -> Bool {
  let free = 32 - bits / 8 * 8
  return address.rawValue >> free == block.rawValue >> free
}
