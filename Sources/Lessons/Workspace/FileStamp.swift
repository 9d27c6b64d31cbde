import Glibc

/// The state of a file at a point in time, which differs after the file has been written again.
struct FileStamp: Hashable {
  private let seconds: Int
  private let nanoseconds: Int
  let size: Int64
  private let node: UInt64

  /// Reads the state of a file; nil if there is no such file.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
    size = Int64(status.st_size)
    node = UInt64(status.st_ino)
  }

  /// The time since the file was written, by the clock of file timestamps.
  ///
  /// Negative if another machine with a clock that is ahead wrote the file.
  var age: Duration {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return .seconds(now.tv_sec - seconds) + .nanoseconds(now.tv_nsec - nanoseconds)
  }

  /// Whether the file was written before another one, or at the same time.
  func isNotNewer(than other: FileStamp) -> Bool {
    (seconds, nanoseconds) <= (other.seconds, other.nanoseconds)
  }
}
