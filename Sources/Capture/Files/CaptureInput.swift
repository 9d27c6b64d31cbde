internal import Glibc

/// Bytes of a capture as they come: from a file, a pipe, or memory, uncompressed if they are gzip.
///
/// What has been read is forgotten, so that memory does not grow with the input.
public final class CaptureInput {
  private let descriptor: Int32?
  private let closesDescriptor: Bool
  /// Bytes as they came, of which those before `rawStart` have been uncompressed.
  private var raw: [UInt8]
  private var rawStart = 0
  private var isRawAtEnd = false
  /// Memory for one read.
  private var piece: [UInt8] = []
  private var inflater: Inflater?
  private var isBegun = false
  private var isAtEnd = false
  /// What could not be read, once there is something.
  private(set) var failure: CaptureError?

  /// Uncompressed bytes, of which those before `start` have been taken.
  private var buffer: [UInt8] = []
  private var start = 0
  /// How many uncompressed bytes have been taken.
  private(set) var offset = 0

  /// Called before a read that would have to wait: the place to flush what has been printed.
  public var beforeWaiting: (() -> Void)?

  /// A descriptor whose becoming readable ends the input, a `signalfd` of Ctrl-C for instance.
  public var interruptDescriptor: Int32?

  /// Whether ``interruptDescriptor`` ended the input.
  public private(set) var isInterrupted = false

  private static let chunk = 1 << 18

  /// Reads an open file, pipe or socket, which stays open.
  public init(descriptor: Int32) {
    self.descriptor = descriptor
    closesDescriptor = false
    raw = []
  }

  private init(closing descriptor: Int32) {
    self.descriptor = descriptor
    closesDescriptor = true
    raw = []
  }

  /// Reads bytes that lie in memory.
  public init(bytes: [UInt8]) {
    descriptor = nil
    closesDescriptor = false
    raw = bytes
  }

  deinit {
    if closesDescriptor, let descriptor { close(descriptor) }
  }

  /// Opens a file, a FIFO, or what `/dev/stdin` and a shell's process substitution name.
  ///
  /// - Throws: ``CaptureError`` with the system's reason.
  public static func open(_ path: String) throws(CaptureError) -> CaptureInput {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CaptureError(description: String(cString: strerror(errno)))
    }
    return CaptureInput(closing: descriptor)
  }

  /// Up to `count` bytes that come next, without taking them.
  public func peek(_ count: Int) -> [UInt8] {
    _ = has(count)
    return Array(buffer[start..<min(buffer.count, start + max(0, count))])
  }

  /// Takes all that is left: for an input that turns out to be no capture.
  ///
  /// - Throws: ``CaptureError`` where the input cannot be read to its end, or is larger than `most`.
  public func rest(most: Int = 1 << 30) throws(CaptureError) -> [UInt8] {
    if has(most + 1) {
      throw CaptureError(description: "more than \(most) bytes, and no capture")
    }
    if let failure { throw failure }
    defer { drop(buffer.count - start) }
    return Array(buffer[start...])
  }

  /// Whether so many bytes are there, after waiting for them.
  func has(_ count: Int) -> Bool {
    while buffer.count - start < count {
      if isAtEnd { return false }
      fill()
    }
    return true
  }

  /// How many bytes can be taken without waiting.
  var availableByteCount: Int { buffer.count - start }

  /// Reads the next bytes, which ``has(_:)`` has seen.
  func with<Result>(_ count: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    // The span must not depend on a property that anybody might change meanwhile.
    let held = buffer
    return body(held.span.extracting(start..<start + count))
  }

  /// Takes bytes, which ``has(_:)`` has seen.
  func drop(_ count: Int) {
    start += count
    offset += count
  }

  /// Takes so many bytes without keeping them; false when the input ends before.
  func skip(_ count: Int) -> Bool {
    var left = count
    while left > 0 {
      guard has(1) else { return false }
      let now = min(left, buffer.count - start)
      drop(now)
      left -= now
    }
    return true
  }

  private func fill() {
    // What has been taken makes room, at a cost that is shared by all that was taken.
    if start > 0 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    if !isBegun { begin() }
    if raw.isEmpty { readRaw() }
    guard let inflater else {
      if raw.isEmpty { isAtEnd = true }
      if buffer.isEmpty { swap(&buffer, &raw) } else { buffer += raw }
      raw.removeAll(keepingCapacity: true)
      return
    }
    // The input's end is not yet the end: what the inflater holds comes out first.
    switch inflater.inflate(raw[rawStart...], to: &buffer, isEnd: isRawAtEnd) {
    case .taken(let count):
      rawStart += count
      if rawStart == raw.count {
        raw.removeAll(keepingCapacity: true)
        rawStart = 0
      }
    case .end: isAtEnd = true
    case .failed(let problem):
      isAtEnd = true
      if failure == nil { failure = CaptureError(description: problem) }
    }
  }

  /// Finds out whether the input is compressed (RFC 1952 §2.3.1: ID1, ID2, deflate).
  private func begin() {
    isBegun = true
    while raw.count < 3, !isRawAtEnd { readRaw() }
    if raw.starts(with: [0x1F, 0x8B, 8]) { inflater = Inflater() }
  }

  /// Adds what one read gives to the raw bytes.
  private func readRaw() {
    guard let descriptor, !isRawAtEnd, waitUntilReadable(descriptor) else {
      isRawAtEnd = true
      return
    }
    if piece.isEmpty { piece = [UInt8](repeating: 0, count: Self.chunk) }
    var outcome = 0
    piece.withUnsafeMutableBytes { bytes in
      repeat {
        outcome = read(descriptor, bytes.baseAddress, bytes.count)
      } while outcome < 0 && errno == EINTR
    }
    if outcome < 0 {
      failure = CaptureError(description: String(cString: strerror(errno)))
    }
    raw.append(contentsOf: piece[..<max(0, outcome)])
    if outcome <= 0 { isRawAtEnd = true }
  }

  /// Waits for input; false when the interruption came first.
  private func waitUntilReadable(_ descriptor: Int32) -> Bool {
    var polled = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    if let interruptDescriptor {
      polled.append(pollfd(fd: interruptDescriptor, events: Int16(POLLIN), revents: 0))
    }
    var timeout: Int32 = 0
    while true {
      let ready = poll(&polled, nfds_t(polled.count), timeout)
      if ready < 0 {
        guard errno == EINTR else { return true }
        continue
      }
      if polled.count > 1, polled[1].revents != 0 {
        isInterrupted = true
        return false
      }
      if ready > 0 { return true }
      beforeWaiting?()
      timeout = -1
    }
  }
}
