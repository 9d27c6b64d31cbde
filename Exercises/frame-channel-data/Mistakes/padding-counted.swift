// Fails: The length counts the data, without the padding
// Your length counts the padding, too. Bob would get zeros that Alice has never said.
func channelData(_ data: [UInt8], channel: UInt16) -> [UInt8] {
  var padded = data
  while padded.count % 4 != 0 { padded.append(0) }
  let length = UInt16(padded.count)
  return [
    UInt8(channel >> 8), UInt8(channel & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF),
  ] + padded
}
