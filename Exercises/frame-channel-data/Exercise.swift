/// A ChannelData message, as it goes into a TCP stream.
///
///     channel number   length   the data   padding
///     2 bytes          2 bytes  …          zeros, up to a multiple of four
///
/// You will need:
///
///     UInt8(channel >> 8)              // the higher byte of a 16-bit number
///     UInt8(channel & 0xFF)            // the lower one
///     while bytes.count % 4 != 0 {}    // as long as it is no multiple of four
///
/// - Parameters:
///   - data: what Bob is to get, at most 65535 bytes.
///   - channel: the channel's number.
/// - Returns: the bytes of the message, with its padding.
func channelData(_ data: [UInt8], channel: UInt16) -> [UInt8] {
  // Your code here.
  return []
}
