/// The bytes of a stream that have not been acknowledged, first in, first out.
///
/// Bytes leave at the front in small pieces: they are passed over, and moved away when they are half
/// of all, so that each byte is moved once on average.
struct SendBuffer: Sendable {
  private var bytes: [UInt8] = []
  private var first = 0

  /// How many bytes there are.
  var count: Int { bytes.count - first }

  mutating func append(_ more: [UInt8]) {
    bytes += more
  }

  /// Takes bytes out that have been acknowledged.
  mutating func removeFirst(_ count: Int) {
    first += count
    guard 2 * first >= bytes.count else { return }
    bytes.removeFirst(first)
    first = 0
  }

  /// A copy of some bytes, counted from the first that is there.
  func bytes(at start: Int, count: Int) -> [UInt8] {
    Array(bytes[first + start..<first + start + count])
  }
}
