/// Bytes that a connection has not taken yet, first in, first out.
struct OutputQueue {
  private var bytes: [UInt8] = []
  private var start = 0

  /// How many bytes wait.
  var count: Int { bytes.count - start }

  var isEmpty: Bool { count == 0 }

  /// Those that wait.
  var waiting: RawSpan {
    @_lifetime(borrow self)
    get { bytes.span.bytes.extracting(droppingFirst: start) }
  }

  mutating func append(_ more: RawSpan) {
    // What is gone is moved away when it is more than what is left: each byte is moved once, then.
    if start > count {
      bytes.removeFirst(start)
      start = 0
    }
    more.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Forgets the first bytes; an empty queue gives its memory back.
  mutating func removeFirst(_ count: Int) {
    start += count
    if start == bytes.count { (bytes, start) = ([], 0) }
  }
}
