internal import CZlib

/// Undoes gzip, also of several members one after another (RFC 1952 §2.2).
final class Inflater {
  private var stream = z_stream()
  private let isReady: Bool
  private var hasEnded = false
  private var output = [UInt8](repeating: 0, count: 1 << 18)

  init() {
    // 15 bits of window, and 16 for "gzip only" (zlib.h, inflateInit2).
    isReady =
      inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { inflateEnd(&stream) }
  }

  /// What one step has done.
  enum Outcome {
    /// So many bytes of the input have been used.
    case taken(Int)
    case end
    case failed(String)
  }

  /// Appends to `result` what can be uncompressed of `input` in one step.
  ///
  /// - Parameter isEnd: whether nothing follows `input`.
  func inflate(_ input: ArraySlice<UInt8>, to result: inout [UInt8], isEnd: Bool) -> Outcome {
    guard isReady else { return .failed("there is no memory to uncompress it") }
    if hasEnded {
      if input.count < 2, !isEnd { return .taken(0) }
      // Bytes after the last member that are no member are ignored, as gzip does.
      guard input.starts(with: [0x1F, 0x8B]), inflateReset(&stream) == Z_OK else { return .end }
      hasEnded = false
    }
    var code = Z_OK
    var taken = 0
    var made = 0
    input.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        // zlib only reads through next_in, which C leaves mutable.
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.avail_in = UInt32(clamping: source.count)
        let given = stream.avail_in
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        code = CZlib.inflate(&stream, Z_NO_FLUSH)
        taken = Int(given - stream.avail_in)
        made = target.count - Int(stream.avail_out)
        // It must not keep pointers that end with these closures.
        stream.next_in = nil
        stream.next_out = nil
        stream.avail_in = 0
        stream.avail_out = 0
      }
    }
    result += output[..<made]
    switch code {
    case Z_STREAM_END:
      hasEnded = true
      return .taken(taken)
    // Z_BUF_ERROR: nothing could be done, as there is no input.
    case Z_OK, Z_BUF_ERROR:
      return isEnd && taken == 0 && made == 0
        ? .failed("the gzip data ends in the middle") : .taken(taken)
    default: return .failed("the gzip data is damaged")
    }
  }
}
