// Fails: Where the server sees the device's own address, nothing translates
// You never ask whether the device's own address arrived. A router that only passes packets on leaves
// it as it is.
import TransportAddress

func natCount(device: IPAddress, box: IPAddress, seen: IPAddress) -> Int {
  seen == box ? 1 : 2
}
