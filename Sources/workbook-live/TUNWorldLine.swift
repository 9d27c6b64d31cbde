import NATConsole
import SansIO

/// A line that `nat --tun FILE --json` prints: what has happened, and what belongs to it.
struct TUNWorldLine: Encodable {
  var result: String
  /// Since the start, in seconds.
  var time: Double?
  var hosts: [Host]?
  var host: String?
  var router: String?
  var node: String?
  var stream: String?
  var text: String?
  var code: Int?
  var inside: String?
  var outside: String?
  var `protocol`: String?
  var to: String?
  var packet: String?
  var reason: String?

  struct Host: Encodable {
    var name: String
    /// The first of its addresses, and all.
    var address: String
    var addresses: [String]
    var namespace: String

    init(name: String, addresses: [String], namespace: String) {
      self.name = name
      address = addresses.first ?? ""
      self.addresses = addresses
      self.namespace = namespace
    }
  }

  init(_ result: String, at time: Instant? = nil, host: String? = nil) {
    self.result = result
    self.time = time.map { Double($0.nanoseconds / 1_000_000) / 1000 }
    self.host = host
  }
}

/// The table of one router: the console's result with the router's name.
struct TUNWorldTable: Encodable {
  let router: String
  let result: ConsoleResult

  private enum Key: CodingKey { case router }

  func encode(to encoder: any Encoder) throws {
    try result.encode(to: encoder)
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(router, forKey: .router)
  }
}
