import Capture

/// A capture file of raw IP packets.
///
/// - Parameter times: when each was recorded, in nanoseconds since 1970; all at 0 by default.
public func rawCapture(_ packets: [[UInt8]], times: [Int64] = []) -> [UInt8] {
  var writer = CaptureWriter()
  var file = writer.header(CapturedInterface(linkType: .raw))
  for (index, packet) in packets.enumerated() {
    file += writer.frame(
      CapturedFrame(
        number: index + 1, time: index < times.count ? times[index] : 0, linkType: .raw,
        bytes: packet, originalByteCount: packet.count))
  }
  return file
}
