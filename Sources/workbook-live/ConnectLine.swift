import SansIO

/// A line that `connect --json` prints: what has happened, and what belongs to it.
struct ConnectLine: Encodable {
  var event: String
  /// Since the start.
  var seconds: Double?
  var description: String?
  var candidates: Int?
  var namesLeftOut: Int?
  var namesAsked: Int?
  var leftOut: [String]?
  var candidate: String?
  var whose: String?
  var name: String?
  var address: String?
  var server: String?
  var role: String?
  var pair: String?
  var local: String?
  var remote: String?
  var route: String?
  var state: String?
  var reason: String?
  var bytes: Int?
  var text: String?
  var hexadecimal: String?

  init(
    _ event: String, at time: Instant? = nil, description: String? = nil, candidates: Int? = nil,
    namesLeftOut: Int? = nil, namesAsked: Int? = nil, leftOut: [String]? = nil,
    candidate: String? = nil, whose: String? = nil, name: String? = nil, address: String? = nil,
    server: String? = nil, role: String? = nil, pair: String? = nil,
    local: String? = nil,
    remote: String? = nil, route: String? = nil, state: String? = nil, reason: String? = nil,
    bytes: Int? = nil, text: String? = nil, hexadecimal: String? = nil
  ) {
    self.event = event
    seconds = time.map { Double($0.nanoseconds) / 1e9 }
    self.description = description
    self.candidates = candidates
    self.namesLeftOut = namesLeftOut
    self.namesAsked = namesAsked
    self.leftOut = leftOut
    self.candidate = candidate
    self.whose = whose
    self.name = name
    self.address = address
    self.server = server
    self.role = role
    self.pair = pair
    self.local = local
    self.remote = remote
    self.route = route
    self.state = state
    self.reason = reason
    self.bytes = bytes
    self.text = text
    self.hexadecimal = hexadecimal
  }
}
