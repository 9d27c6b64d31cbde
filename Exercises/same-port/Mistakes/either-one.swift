// Fails: Different ports are found different
// This says yes where the addresses are equal, too. Look at the ports alone.
import TransportAddress

func answer(_ first: TransportAddress, _ second: TransportAddress) -> Bool? {
  first.port == second.port || first.address == second.address
}
