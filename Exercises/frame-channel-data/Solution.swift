func channelData(_ data: [UInt8], channel: UInt16) -> [UInt8] {
  let length = UInt16(data.count)
  var bytes = [
    UInt8(channel >> 8), UInt8(channel & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF),
  ]
  bytes += data
  while bytes.count % 4 != 0 { bytes.append(0) }
  return bytes
}
