internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// What a client knows about its peers: permissions by IP address, channels by transport address.
///
///                  asked           success              refresh asked, success
///     (unknown) ─────────▶ asked ──────────▶ permitted ◀──────────┐
///                            │                   └────────────────┘
///                            └ 403, timed out ──▶ refused
struct ClientPeers: Sendable {
  /// How much is held for the peers of an address that has no permission yet.
  static var heldLimit: Int { 16 }

  /// What is known about an address.
  enum Permission: Sendable {
    /// The server has been asked. Can transition to `permitted`, `refused` and away.
    case asked(held: [(data: [UInt8], peer: TransportAddress)])
    /// Can transition to itself and, when it is over or lost, away.
    case permitted(until: Instant)
    /// The server has refused. Final, unless a permission is asked for by name.
    case refused
  }

  /// A channel's number, which stays its peer's as long as there is the allocation (pitfall 20).
  struct Channel: Sendable {
    let number: ChannelNumber
    /// Until when it is bound; nil before it is.
    var until: Instant?
    /// The server will not bind it: data go as indications.
    var isRefused = false
  }

  var permissions: [IPAddress: Permission] = [:]
  var channels: [TransportAddress: Channel] = [:]
  var numbers: [UInt16: TransportAddress] = [:]

  /// Whether peers of this address are permitted.
  func isPermitted(_ address: IPAddress, at now: Instant) -> Bool {
    if case .permitted(let until)? = permissions[address] { until > now } else { false }
  }

  /// Notes that an address is permitted, and until when.
  ///
  /// - Returns: what was held for it.
  mutating func permitted(
    _ address: IPAddress, until: Instant
  ) -> [(data: [UInt8], peer: TransportAddress)] {
    defer { permissions[address] = .permitted(until: until) }
    if case .asked(let held)? = permissions[address] { return held }
    return []
  }

  /// The number for a peer's channel: its own, or the next that no other peer has had; nil when there
  /// is none left.
  ///
  /// Numbers are not used again, so that none is bound to another peer too early (RFC 8656 §12).
  mutating func number(for peer: TransportAddress) -> ChannelNumber? {
    if let channel = channels[peer] { return channel.number }
    let raw = Int(ChannelNumber.validValues.lowerBound) + numbers.count
    guard raw <= Int(ChannelNumber.validValues.upperBound) else { return nil }
    // At most 0x4FFF.
    let number = ChannelNumber(rawValue: UInt16(raw))
    channels[peer] = Channel(number: number)
    numbers[number.rawValue] = peer
    return number
  }
}
