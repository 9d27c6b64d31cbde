/// A frame of a WebSocket connection (RFC 6455 §5.2).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// |F|R|R|R| opcode|M| Payload len |    Extended payload length    |
/// |I|S|S|S|  (4)  |A|     (7)     |          (16 or 64)           |
/// |N|V|V|V|       |S|             |                               |
/// | |1|2|3|       |K|             |                               |
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// |              Masking-key, if MASK set to 1                    |
/// +---------------------------------------------------------------+
/// |                         Payload Data                          |
/// +---------------------------------------------------------------+
/// ```
struct WebSocketFrame: Hashable, Sendable {
  /// What a frame is for (RFC 6455 §11.8).
  enum Opcode: UInt8, Hashable, Sendable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    /// Whether frames of this kind may stand between those of a message (RFC 6455 §5.5).
    var isControl: Bool { rawValue >= 8 }
  }

  var opcode: Opcode
  var isFinal = true
  var payload: [UInt8]

  init(_ opcode: Opcode, _ payload: [UInt8] = []) {
    (self.opcode, self.payload) = (opcode, payload)
  }

  /// The frame's bytes; a client masks what it sends, a server does not (RFC 6455 §5.3).
  func bytes(maskedBy key: UInt32? = nil) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(payload.count + 14)
    bytes.append((isFinal ? 0x80 : 0) | opcode.rawValue)
    let mask: UInt8 = key == nil ? 0 : 0x80
    switch payload.count {
    case ..<126: bytes.append(mask | UInt8(payload.count))
    case ..<65_536:
      bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
      bytes.append(mask | 127)
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: payload.count >> shift))
      }
    }
    guard let key else { return bytes + payload }
    let keyBytes = (0..<4).map { UInt8(truncatingIfNeeded: key >> (24 - 8 * $0)) }
    bytes += keyBytes
    for (index, byte) in payload.enumerated() { bytes.append(byte ^ keyBytes[index & 3]) }
    return bytes
  }
}

/// Why an endpoint ends a connection, as its Close frame says it (RFC 6455 §7.4.1).
public enum WebSocketClose: UInt16, Error, Hashable, Sendable {
  /// All is said.
  case normal = 1000
  /// The endpoint goes away, or waits no longer.
  case goingAway = 1001
  /// What came is no WebSocket frame, or not where it may be.
  case protocolError = 1002
  /// What came is not text.
  case unsupported = 1003
  /// The text is not UTF-8.
  case notUTF8 = 1007
  /// It is more than this endpoint allows.
  case policy = 1008
  /// The message is too long.
  case tooLong = 1009

  /// The payload of the Close frame.
  var payload: [UInt8] { [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)] }
}

/// Takes the bytes of a WebSocket connection apart, as they arrive: messages put together, frames that are
/// wrong refused.
///
/// It holds the one message that has not come whole, no longer than the limit, and one read.
struct WebSocketReader: Sendable {
  /// What has come.
  enum Event: Hashable, Sendable {
    /// A whole message.
    case message(String)
    /// It is to be answered with a Pong of the same payload (RFC 6455 §5.5.2).
    case ping([UInt8])
    case pong
    /// The other end has ended the connection, with this code if it says one.
    case close(UInt16?)
  }

  private let limit: Int
  private let takesMasked: Bool
  private var bytes: [UInt8] = []
  private var start = 0
  /// The parts of a message that has not come whole; nil between messages.
  private var parts: [UInt8]?

  /// - Parameters:
  ///   - limit: the longest message, in bytes.
  ///   - takesMasked: whether the other end is a client, whose frames are masked.
  init(limit: Int, takesMasked: Bool) {
    (self.limit, self.takesMasked) = (limit, takesMasked)
  }

  mutating func received(_ bytes: some Sequence<UInt8>) {
    self.bytes.removeFirst(start)
    start = 0
    self.bytes += bytes
  }

  /// The next event; nil until more has come.
  ///
  /// - Throws: for what no frame may be; nothing after it can be read.
  mutating func next() throws(WebSocketClose) -> Event? {
    while let frame = try nextFrame() {
      switch frame.opcode {
      case .ping: return .ping(frame.payload)
      case .pong: return .pong
      case .close:
        let payload = frame.payload
        return .close(payload.count < 2 ? nil : UInt16(payload[0]) << 8 | UInt16(payload[1]))
      case .binary: throw .unsupported
      case .text:
        guard parts == nil else { throw .protocolError }
        parts = frame.payload
      case .continuation:
        guard let count = parts?.count else { throw .protocolError }
        guard count + frame.payload.count <= limit else { throw .tooLong }
        parts?.append(contentsOf: frame.payload)
      }
      guard frame.isFinal, let whole = parts else { continue }
      parts = nil
      guard let text = String(validating: whole, as: UTF8.self) else { throw .notUTF8 }
      return .message(text)
    }
    return nil
  }

  private mutating func nextFrame() throws(WebSocketClose) -> WebSocketFrame? {
    let count = bytes.count - start
    guard count >= 2 else { return nil }
    let (first, second) = (bytes[start], bytes[start + 1])
    // No extension has been agreed, which alone could use the reserved bits.
    guard first & 0x70 == 0, let opcode = WebSocketFrame.Opcode(rawValue: first & 0x0F) else {
      throw .protocolError
    }
    guard (second & 0x80 != 0) == takesMasked else { throw .protocolError }
    var length = Int(second & 0x7F)
    // RFC 6455 §5.5: control frames are short and whole.
    if opcode.isControl, length > 125 || first & 0x80 == 0 { throw .protocolError }
    let extended = length == 126 ? 2 : length == 127 ? 8 : 0
    guard count >= 2 + extended else { return nil }
    if extended > 0 {
      var value: UInt64 = 0
      for byte in bytes[(start + 2)..<(start + 2 + extended)] { value = value << 8 | UInt64(byte) }
      // The shortest form alone is allowed.
      guard value >= (extended == 2 ? 126 : 65_536) else { throw .protocolError }
      // Before its payload has come: that is never kept.
      guard value <= UInt64(limit) else { throw .tooLong }
      length = Int(value)
    }
    guard length <= limit || opcode.isControl else { throw .tooLong }
    let header = 2 + extended + (takesMasked ? 4 : 0)
    guard count >= header + length else { return nil }
    var payload = Array(bytes[(start + header)..<(start + header + length)])
    if takesMasked {
      let key = start + header - 4
      for index in payload.indices { payload[index] ^= bytes[key + (index & 3)] }
    }
    start += header + length
    var frame = WebSocketFrame(opcode, payload)
    frame.isFinal = first & 0x80 != 0
    return frame
  }
}
