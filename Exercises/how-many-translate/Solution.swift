import TransportAddress

func natCount(device: IPAddress, box: IPAddress, seen: IPAddress) -> Int {
  if seen == device { return 0 }
  return seen == box ? 1 : 2
}
