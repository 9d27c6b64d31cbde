// Fails: The padding is zeros, up to a multiple of four
// There is no padding. In a datagram none is needed, but in a stream the next message must begin at
// a multiple of four.
func channelData(_ data: [UInt8], channel: UInt16) -> [UInt8] {
  let length = UInt16(data.count)
  return [
    UInt8(channel >> 8), UInt8(channel & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF),
  ] + data
}
