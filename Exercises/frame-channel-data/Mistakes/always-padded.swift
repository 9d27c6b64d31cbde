// Fails: Four bytes need a header and no padding
// You append padding although the message is a multiple of four already: then none is missing.
func channelData(_ data: [UInt8], channel: UInt16) -> [UInt8] {
  let length = UInt16(data.count)
  var bytes = [
    UInt8(channel >> 8), UInt8(channel & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF),
  ]
  bytes += data
  bytes += [UInt8](repeating: 0, count: 4 - bytes.count % 4)
  return bytes
}
