/// A request for metrics by HTTP, as far as it counts here, and the response to it.
///
/// The head alone is read: a request for metrics has no body. A connection has one request.
struct ScrapeRequest {
  /// How long a head may be.
  static var maximumByteCount: Int { 8192 }

  private let method: Substring
  private let path: Substring

  /// Reads the head of a request.
  ///
  /// - Returns: nil while its end has not come.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("\r\n\r\n") || text.contains("\n\n") else { return nil }
    let line = text.prefix { !$0.isNewline }.split(separator: " ", omittingEmptySubsequences: false)
    guard line.count == 3, line[2].hasPrefix("HTTP/1.") else {
      (method, path) = ("", "")
      return
    }
    (method, path) = (line[0], line[1].prefix { $0 != "?" })
  }

  /// The whole response.
  ///
  /// - Parameter metrics: is called where they are asked for.
  func response(_ metrics: () -> String) -> [UInt8] {
    switch (method, path) {
    case ("GET", "/metrics"), ("HEAD", "/metrics"):
      Self.message(
        "200 OK", "text/plain; version=0.0.4; charset=utf-8", metrics(), hasBody: method == "GET")
    case ("GET", _), ("HEAD", _):
      Self.failure("404 Not Found", "the metrics are at /metrics")
    case ("", _): Self.failure("400 Bad Request", "this is no request of HTTP/1.1")
    default:
      Self.failure("405 Method Not Allowed", "metrics can be read by GET", "Allow: GET, HEAD\r\n")
    }
  }

  /// The response where the head is too long.
  static var tooLong: [UInt8] {
    failure("431 Request Header Fields Too Large", "the request is too long")
  }

  private static func failure(
    _ status: String, _ words: String, _ field: String = ""
  ) -> [UInt8] {
    message(status, "text/plain; charset=utf-8", words + "\n", field)
  }

  private static func message(
    _ status: String, _ type: String, _ body: String, _ field: String = "", hasBody: Bool = true
  ) -> [UInt8] {
    let head =
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
      + "\(field)Connection: close\r\n\r\n"
    return Array((hasBody ? head + body : head).utf8)
  }
}
