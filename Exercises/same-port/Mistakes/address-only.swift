// Fails: Equal ports are found equal
// This compares the addresses. Two hosts can use the same port, too.
import TransportAddress

func answer(_ first: TransportAddress, _ second: TransportAddress) -> Bool? {
  first.address == second.address
}
