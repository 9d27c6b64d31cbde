public import ProgramSupport
public import TransportAddress

/// What `serve` is to serve, as its arguments have it; no socket has been opened yet.
public struct ServePlan: Sendable {
  /// Where to listen.
  public var listening: [TransportAddress]
  /// Where to listen for TLS; empty where it is not served.
  public var secureListening: [TransportAddress]
  /// Where to listen for signaling; empty where it is not served.
  public var signalListening: [TransportAddress]
  /// The other address and port of behavior discovery, if there are.
  public var alternate: TransportAddress?
  /// The address to relay from, of IPv4.
  public var ipv4: IPAddress?
  /// The address to relay from, of IPv6.
  public var ipv6: IPAddress?

  /// - Throws: `WorkbookError.usage` where options make no sense or do not fit each other.
  public init(_ arguments: ServeArguments) throws(WorkbookError) {
    listening = arguments.listen.map(\.endpoint)
    if listening.isEmpty { listening = ["127.0.0.1:3478"] }
    if Set(listening).count < listening.count {
      throw .usage("--listen: an address is there twice")
    }
    secureListening = try Self.secureListening(arguments, listening)
    signalListening = try Self.signalListening(arguments, listening + secureListening)
    if arguments.secret != nil, !arguments.user.isEmpty || arguments.users != nil {
      throw .usage("--secret stands for all users; it does not go with --user and --users")
    }
    let limits = [
      ("--allocations-per-user", arguments.allocationsPerUser),
      ("--allocations-per-address", arguments.allocationsPerAddress),
      ("--permissions", arguments.permissions), ("--channels", arguments.channels),
      ("--connections", arguments.connections),
    ]
    for (name, value) in limits where value < 1 { throw .usage("\(name): it must be 1 or more") }
    let threads = arguments.threads.count
    guard threads == 1 || !arguments.mobility else {
      throw .usage(
        "--mobility: a client that moves may come to another thread, which does not know it; leave "
          + "out --threads")
    }
    guard arguments.portRange.ports.count >= 2 * threads || threads == 1 else {
      throw .usage("--port-range: \(threads) threads need 2 ports each")
    }
    guard (0...86_400).contains(arguments.drain) else {
      throw .usage("--drain: it must be 0 to 86400 seconds")
    }
    if let other = arguments.alternateServer?.endpoint {
      guard !listening.contains(other) else {
        throw .usage("--alternate-server: \(other) is this server itself")
      }
      guard other.port != 0, other.address.classification != .unspecified else {
        throw .usage("--alternate-server: clients cannot send to \(other)")
      }
    }

    if let other = arguments.alternate?.endpoint {
      let first = listening[0]
      guard first.address.isOfFamily(of: other.address), first.address != other.address,
        first.port != other.port, first.port != 0, other.port != 0
      else {
        throw .usage(
          "--alternate: \(other) must differ from \(first) in address and in port, with both "
            + "ports given and both addresses of one family")
      }
      guard first.address.classification != .unspecified else {
        throw .usage("--alternate: \(first) is every address already; listen at one of them")
      }
      alternate = other
    }

    let relays =
      arguments.relayAddress.isEmpty ? Self.relays(of: listening) : arguments.relayAddress
    for address in relays {
      guard address.classification != .unspecified else {
        throw .usage("--relay-address: peers cannot send to \(address)")
      }
      switch address {
      case .v4:
        guard ipv4 == nil else { throw .usage("--relay-address: two addresses of IPv4") }
        ipv4 = address
      case .v6:
        guard ipv6 == nil else { throw .usage("--relay-address: two addresses of IPv6") }
        ipv6 = address
      }
    }
    guard !relays.isEmpty else {
      throw .usage("listening at every address, it must be told by --relay-address what peers see")
    }
  }

  /// TLS at each address that is listened at, if it is asked for in any way.
  private static func secureListening(
    _ arguments: ServeArguments, _ listening: [TransportAddress]
  ) throws(WorkbookError) -> [TransportAddress] {
    guard (arguments.cert == nil) == (arguments.key == nil) else {
      throw .usage("--cert and --key go together")
    }
    guard arguments.tls || arguments.tlsPort != nil || arguments.cert != nil else { return [] }
    let port = arguments.tlsPort ?? 5349
    var endpoints: [TransportAddress] = []
    for address in listening.map(\.address) {
      let endpoint = TransportAddress(address, port: port)
      if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
    }
    // TCP has that port already, without TLS.
    if port != 0, let taken = endpoints.first(where: listening.contains) {
      throw .usage("--tls-port: \(taken) is served without TLS; choose another port")
    }
    return endpoints
  }

  /// Signaling at each address that is listened at, if it is asked for in any way.
  private static func signalListening(
    _ arguments: ServeArguments, _ others: [TransportAddress]
  ) throws(WorkbookError) -> [TransportAddress] {
    guard arguments.signal || arguments.signalPort != nil else { return [] }
    let port = arguments.signalPort ?? 8080
    var endpoints: [TransportAddress] = []
    for address in others.map(\.address) {
      let endpoint = TransportAddress(address, port: port)
      if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
    }
    if port != 0, let taken = endpoints.first(where: others.contains) {
      throw .usage("--signal-port: TURN is served at \(taken); choose another port")
    }
    return endpoints
  }

  /// The first address of each family that is one.
  private static func relays(of listening: [TransportAddress]) -> [IPAddress] {
    let addresses = listening.map(\.address).filter { $0.classification != .unspecified }
    let v4 = addresses.first { if case .v4 = $0 { true } else { false } }
    let v6 = addresses.first { if case .v6 = $0 { true } else { false } }
    return [v4, v6].compactMap(\.self)
  }
}

extension IPAddress {
  fileprivate func isOfFamily(of other: IPAddress) -> Bool {
    switch (self, other) {
    case (.v4, .v4), (.v6, .v6): true
    default: false
    }
  }
}
