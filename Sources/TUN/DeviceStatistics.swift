import Glibc

/// The kernel's counters of network devices (`/proc/net/dev`).
///
///     Inter-|   Receive                                                |  Transmit
///      face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop …
///       tun0:    1344      16    0    0    0     0          0         0     2160      24    0    7 …
enum DeviceStatistics {
  /// The packets that a device did not take from its host; nil if there is no such device.
  ///
  /// - Parameter device: one in the network that this thread is in.
  static func droppedPackets(of device: String) -> Int? {
    // That of the process is the network of its first thread.
    guard let text = contents(of: "/proc/thread-self/net/dev") else { return nil }
    return droppedPackets(of: device, in: text)
  }

  /// The same, read from the file's text.
  static func droppedPackets(of device: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
      // A name may hold a colon; the counters hold none.
      guard let colon = line.lastIndex(of: ":"),
        line[..<colon].drop(while: { $0 == " " }) == device
      else { continue }
      let counters = line[line.index(after: colon)...].split(separator: " ")
      // Eight of what was received, then bytes, packets and errors of what was sent.
      return counters.count > 11 ? Int(counters[11]) : nil
    }
    return nil
  }

  private static func contents(of path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(file, &part, part.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += part[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
