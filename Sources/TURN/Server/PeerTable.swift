internal import STUNCodec
internal import SansIO
internal import TransportAddress

/// The permissions and channels of one allocation (RFC 8656 §9 and §12).
///
///     permission 203.0.113.5   until 12:05   ports 4000 = 0x4001 until 12:10, 4002 = 0x4007 …
///     permission 203.0.113.9   until 12:03   no channel
///
/// A permission is for an IP address, a channel for a transport address. An entry is worth nothing
/// once its time is over, whether it still stands here or not: what is over is swept out when room
/// is needed. So a packet costs one look-up here, and no timer is kept.
struct PeerTable: Sendable {
  /// A channel that is bound to one port of a permitted address.
  struct Channel: Hashable, Sendable {
    let number: ChannelNumber
    let port: UInt16
    var expires: Instant
  }

  /// What may be done for a peer.
  struct Permission: Hashable, Sendable {
    let address: IPAddress
    var expires: Instant
    var channels: [Channel] = []
  }

  /// Whom a channel leads to.
  enum Destination: Hashable, Sendable {
    case peer(TransportAddress)
    case unbound
    case noPermission
  }

  /// How data of a peer reach the client.
  enum Route: Hashable, Sendable {
    case channel(ChannelNumber)
    case indication
    case noPermission
  }

  private(set) var permissions: [Permission] = []
  /// Where the permission of an address stands.
  private var slots: SlotTable<EndpointKey>
  /// Where the permission of a channel's peer stands.
  private var slotsOfChannels: SlotTable<ChannelKey>

  /// An empty table.
  ///
  /// - Parameter seed: random bits that clients cannot foresee.
  init(seed: UInt64) {
    slots = SlotTable(seed: seed)
    slotsOfChannels = SlotTable(seed: seed)
  }

  /// The number of permissions and of channels, with those that are over and not swept out yet.
  var count: (permissions: Int, channels: Int) { (permissions.count, slotsOfChannels.count) }

  /// Whether a channel is bound, or was, by a number that RFC 8656 does not have any more.
  var hasFormerNumber: Bool {
    permissions.contains { $0.channels.contains { !$0.number.isValid } }
  }

  // MARK: - Packets

  /// Whom a channel leads to.
  ///
  /// - Complexity: O(*k*) in the channels bound to the peer's IP address.
  // In line, as `route` is: a call would copy the table first.
  @inline(__always)
  func destination(of number: ChannelNumber, at now: Instant) -> Destination {
    guard let slot = slotsOfChannels[ChannelKey(number)] else { return .unbound }
    let isPermitted = permissions[slot].expires > now
    // By index: an array that is iterated over is retained first.
    for index in permissions[slot].channels.indices
    where permissions[slot].channels[index].number == number {
      guard permissions[slot].channels[index].expires > now else { return .unbound }
      guard isPermitted else { return .noPermission }
      return .peer(
        TransportAddress(
          permissions[slot].address, port: permissions[slot].channels[index].port))
    }
    return .unbound
  }

  /// How data of a peer reach the client.
  ///
  /// - Complexity: O(*k*) in the channels bound to the peer's IP address.
  @inline(__always)
  func route(from peer: TransportAddress, at now: Instant) -> Route {
    guard let slot = slots[EndpointKey(peer.address)],
      permissions[slot].expires > now
    else { return .noPermission }
    for index in permissions[slot].channels.indices
    where permissions[slot].channels[index].port == peer.port
      && permissions[slot].channels[index].expires > now
    {
      return .channel(permissions[slot].channels[index].number)
    }
    return .indication
  }

  /// Whether a peer's address has a permission.
  func permits(_ address: IPAddress, at now: Instant) -> Bool {
    guard let slot = slots[EndpointKey(address)] else { return false }
    return permissions[slot].expires > now
  }

  // MARK: - Changes

  /// Whether there is room for these permissions, after sweeping if need be.
  mutating func hasRoom(
    for addresses: some Collection<IPAddress>, limit: Int, at now: Instant
  ) -> Bool {
    func newCount() -> Int {
      Set(addresses.filter { slots[EndpointKey($0)] == nil }).count
    }
    if permissions.count + newCount() > limit { sweep(at: now) }
    return permissions.count + newCount() <= limit
  }

  /// Installs or refreshes the permission of an address.
  mutating func permit(_ address: IPAddress, until expires: Instant) {
    let key = EndpointKey(address)
    if let slot = slots[key] {
      permissions[slot].expires = max(permissions[slot].expires, expires)
    } else {
      slots[key] = permissions.count
      permissions.append(Permission(address: address, expires: expires))
    }
  }

  /// Whether a channel is bound as asked for already, may be bound, or must not be.
  enum Binding: Hashable, Sendable {
    case refresh
    case new
    /// The number belongs to another peer, or the peer has another number (RFC 8656 §12.2).
    case conflict
  }

  /// What binding this number to this peer would be.
  func binding(
    of number: ChannelNumber, to peer: TransportAddress, at now: Instant
  ) -> Binding {
    var isBound = false
    if let slot = slotsOfChannels[ChannelKey(number)] {
      for channel in permissions[slot].channels
      where channel.number == number && channel.expires > now {
        guard permissions[slot].address == peer.address, channel.port == peer.port else {
          return .conflict
        }
        isBound = true
      }
    }
    if let slot = slots[EndpointKey(peer.address)] {
      for channel in permissions[slot].channels
      where channel.port == peer.port && channel.number != number && channel.expires > now {
        return .conflict
      }
    }
    return isBound ? .refresh : .new
  }

  /// Whether there is room for one more channel, after sweeping if need be.
  mutating func hasRoomForChannel(limit: Int, at now: Instant) -> Bool {
    if slotsOfChannels.count >= limit { sweep(at: now) }
    return slotsOfChannels.count < limit
  }

  /// Binds a channel, or refreshes it; the permission of its peer must be there.
  mutating func bind(_ number: ChannelNumber, to peer: TransportAddress, until expires: Instant) {
    guard let slot = slots[EndpointKey(peer.address)] else { return }
    if let index = permissions[slot].channels.firstIndex(where: {
      $0.number == number && $0.port == peer.port
    }) {
      permissions[slot].channels[index].expires = expires
    } else {
      // What is over, of this number or of this port, makes way.
      if let old = slotsOfChannels[ChannelKey(number)] {
        permissions[old].channels.removeAll { $0.number == number }
      }
      for channel in permissions[slot].channels where channel.port == peer.port {
        slotsOfChannels[ChannelKey(channel.number)] = nil
      }
      permissions[slot].channels.removeAll { $0.port == peer.port }
      permissions[slot].channels.append(
        Channel(number: number, port: peer.port, expires: expires))
    }
    slotsOfChannels[ChannelKey(number)] = slot
  }

  /// Removes all, and what it took.
  mutating func removeAll() {
    self = PeerTable(seed: slots.seed)
  }

  /// Removes the permissions and channels of one address family.
  mutating func removeAll(of family: AddressFamily) {
    keep { $0.address.family != family }
  }

  /// Removes what is over.
  ///
  /// - Complexity: O(*n*) in the permissions and channels.
  mutating func sweep(at now: Instant) {
    for slot in permissions.indices {
      permissions[slot].channels.removeAll { $0.expires <= now }
    }
    keep { $0.expires > now || !$0.channels.isEmpty }
  }

  private mutating func keep(_ isKept: (Permission) -> Bool) {
    permissions.removeAll { !isKept($0) }
    slots.removeAll()
    slotsOfChannels.removeAll()
    for (slot, permission) in permissions.enumerated() {
      slots[EndpointKey(permission.address)] = slot
      for channel in permission.channels { slotsOfChannels[ChannelKey(channel.number)] = slot }
    }
  }
}
