import CLibcrypto

/// The head of an HTTP/1.1 request or response, as it arrives.
struct HTTPHead: Hashable, Sendable {
  /// The longest head that is read, in bytes.
  static let limit = 8192

  /// The request line or the status line.
  let start: String
  /// Names in lower case, and values; of a name that is there twice, joined with a comma.
  private let fields: [String: String]

  /// Reads a head up to its empty line.
  ///
  /// - Returns: nil unless it is lines of text with fields in them.
  init?(_ bytes: some Collection<UInt8>) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\r\n" }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard let first = lines.first else { return nil }
    start = String(first)
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let name = line[..<colon].lowercased()
      let value = String(line[line.index(after: colon)...].trimmingSpaces)
      fields[name] = fields[name].map { $0 + ", " + value } ?? value
    }
    self.fields = fields
  }

  subscript(name: String) -> String? { fields[name] }

  /// Whether a field is a list with this word in it, in any case.
  func has(_ word: String, in name: String) -> Bool {
    self[name]?.split(separator: ",").contains { $0.trimmingSpaces.lowercased() == word } ?? false
  }
}

/// The bytes of a head, as they arrive, and what follows it.
struct HTTPHeadReader: Hashable, Sendable {
  private var bytes: [UInt8] = []

  /// What has come.
  enum Progress {
    /// Its empty line has not.
    case waiting
    /// The head, and what came behind it.
    case head(HTTPHead, rest: [UInt8])
    /// It is longer than ``HTTPHead/limit``.
    case tooLong
    /// It is none.
    case wrong
  }

  mutating func received(_ new: [UInt8]) -> Progress {
    // The empty line may have begun with what came before.
    var index = max(0, bytes.count - 3)
    bytes += new
    while index + 4 <= bytes.count {
      if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10
      {
        guard index + 4 <= HTTPHead.limit else { return .tooLong }
        guard let head = HTTPHead(bytes[..<(index + 4)]) else { return .wrong }
        return .head(head, rest: Array(bytes[(index + 4)...]))
      }
      index += 1
    }
    return bytes.count > HTTPHead.limit ? .tooLong : .waiting
  }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    var rest = drop { $0 == " " || $0 == "\t" }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }
}

/// The opening handshake of a WebSocket connection (RFC 6455 §4).
enum WebSocketHandshake {
  /// Why a client's request is refused: a status of HTTP.
  enum Refusal: Error, Hashable, Sendable {
    case badRequest
    case notFound
    case notAllowed
    case conflict
    case upgradeRequired
    case tooLarge

    /// The response, after which the connection ends.
    var response: [UInt8] {
      let (status, field): (String, String) =
        switch self {
        case .badRequest: ("400 Bad Request", "")
        case .notFound: ("404 Not Found", "")
        case .notAllowed: ("405 Method Not Allowed", "Allow: GET\r\n")
        case .conflict: ("409 Conflict", "")
        case .upgradeRequired:
          ("426 Upgrade Required", "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n")
        case .tooLarge: ("431 Request Header Fields Too Large", "")
        }
      return Array(
        "HTTP/1.1 \(status)\r\n\(field)Content-Length: 0\r\nConnection: close\r\n\r\n".utf8)
    }
  }

  /// What a client asks for.
  struct Request: Hashable, Sendable {
    /// The path without its slash.
    var room: String
    var key: String
  }

  /// Reads a client's request (RFC 6455 §4.2.1).
  static func request(_ head: HTTPHead) throws(Refusal) -> Request {
    let words = head.start.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2] == "HTTP/1.1" else { throw .badRequest }
    guard words[0] == "GET" else { throw .notAllowed }
    guard words[1].hasPrefix("/"), SignalingRoom.isName(words[1].dropFirst()) else {
      throw .notFound
    }
    guard head["host"] != nil else { throw .badRequest }
    guard head.has("websocket", in: "upgrade"), head.has("upgrade", in: "connection"),
      head["sec-websocket-version"] == "13"
    else { throw .upgradeRequired }
    // 16 bytes in base64.
    guard let key = head["sec-websocket-key"], key.utf8.count == 24, key.hasSuffix("==") else {
      throw .badRequest
    }
    return Request(room: String(words[1].dropFirst()), key: key)
  }

  /// The response by which a server accepts a request.
  static func acceptance(of key: String) -> [UInt8] {
    Array(
      """
      HTTP/1.1 101 Switching Protocols\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Accept: \(accept(key))\r
      \r\n
      """.utf8)
  }

  /// The value that proves that a server has read the key (RFC 6455 §4.2.2).
  static func accept(_ key: String) -> String {
    let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    _ = SHA1(text, text.count, &digest)
    return base64(digest)
  }

  /// A client's request.
  static func request(host: String, room: String, key: String) -> [UInt8] {
    Array(
      """
      GET /\(room) HTTP/1.1\r
      Host: \(host)\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Key: \(key)\r
      Sec-WebSocket-Version: 13\r
      \r\n
      """.utf8)
  }

  static func base64(_ bytes: [UInt8]) -> String {
    // One byte more, as the text ends with a zero byte.
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
    return String(decoding: text.prefix(Int(count)), as: UTF8.self)
  }
}
