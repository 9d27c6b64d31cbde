import TransportAddress

/// The names that people use come from RFC 3489 §5; RFC 4787 §3 explains why it dropped them.
extension NATTable.Configuration {
  /// One mapping for all remotes, and everyone may send to it.
  public static let fullCone = Self(
    mapping: .endpointIndependent, filtering: .endpointIndependent)

  /// One mapping for all remotes; hosts that were sent to may answer, from any port.
  public static let restrictedCone = Self(
    mapping: .endpointIndependent, filtering: .addressDependent)

  /// One mapping for all remotes; only endpoints that were sent to may answer.
  public static let portRestrictedCone = Self(
    mapping: .endpointIndependent, filtering: .addressAndPortDependent)

  /// A mapping for each remote endpoint, and only that one may answer.
  public static let symmetric = Self(
    mapping: .addressAndPortDependent, filtering: .addressAndPortDependent)
}

extension NATTable.Configuration {
  /// Masquerading as the Linux kernel does it, by nftables' `masquerade`.
  ///
  /// Each flow is translated by itself. It keeps its port, or that of the same endpoint's flow
  /// before it, unless another flow has that port to the same remote; then it gets a random one.
  /// The times are the kernel's defaults.
  public static let linux: Self = {
    var configuration = Self.symmetric
    configuration.portOverloading = true
    configuration.portParity = false
    configuration.hairpinning = .none
    configuration.inboundRefresh = true
    configuration.adoptsConnections = true
    configuration.rewritesIdentification = false
    configuration.timeouts.udp = .seconds(120)
    configuration.timeouts.udpUnanswered = .seconds(30)
    configuration.timeouts.tcpEstablished = .seconds(432_000)
    configuration.timeouts.tcpTransitory = .seconds(120)
    configuration.timeouts.tcpStates = NATTable.TCPStateTimeouts()
    configuration.timeouts.icmp = .seconds(30)
    configuration.timeouts.unsolicitedSYN = nil
    configuration.timeouts.fragments = .seconds(30)
    return configuration
  }()

  /// Masquerading with `masquerade fully-random`: each flow gets a random port.
  public static let linuxRandom: Self = {
    var configuration = Self.linux
    configuration.portAssignment = .random
    return configuration
  }()

  /// Masquerading on a router whose INPUT chain accepts packets from the outside.
  ///
  /// A packet that comes before the inside has sent is then the router's own, and takes the port
  /// away from the host that it was meant for.
  public static let linuxOpenInput: Self = {
    var configuration = Self.linux
    configuration.acceptsUnsolicited = true
    return configuration
  }()

  /// A Linux host that masquerades its containers as Docker sets it up.
  ///
  /// Docker's rule is a plain `MASQUERADE`, and the FORWARD chain lets in answers only. The INPUT chain
  /// stays as it was found, which is open unless the host has a firewall: the peer's early packet then
  /// takes the port from the container that it was meant for. A published port is a static mapping.
  public static let docker = Self.linuxOpenInput

  /// A carrier-grade NAT by RFC 6888: open to applications, fair between subscribers.
  ///
  /// A host's ports come at random from up to four blocks of 512, and an outside port that was in
  /// use rests for two minutes.
  public static let cgn: Self = {
    var configuration = Self.fullCone
    configuration.portAssignment = .random
    configuration.portParity = true
    configuration.ports = 1024...65535
    configuration.portBlocks = .dynamic(size: 512, perHost: 4)
    configuration.mappingsPerHost = 2048
    configuration.portReuseDelay = .seconds(120)
    return configuration
  }()

  /// BSD's packet filter, as in OpenBSD, and as in pfSense and OPNsense with their default rules.
  ///
  /// Each flow gets a random port from 50001 on; pfSense's and OPNsense's rules say from 1024 on. The
  /// times are the defaults of `pf.conf`: `udp.multiple`, `udp.single`, `tcp.established`, `tcp.first`,
  /// `icmp.first`.
  public static let pf: Self = {
    var configuration = Self.symmetric
    configuration.portAssignment = .random
    configuration.ports = 50001...65535
    configuration.portOverloading = true
    configuration.portParity = false
    configuration.hairpinning = .none
    configuration.inboundRefresh = true
    configuration.rewritesIdentification = false
    configuration.timeouts.udp = .seconds(60)
    configuration.timeouts.udpUnanswered = .seconds(30)
    configuration.timeouts.tcpEstablished = .seconds(86_400)
    configuration.timeouts.tcpTransitory = .seconds(120)
    configuration.timeouts.icmp = .seconds(20)
    configuration.timeouts.unsolicitedSYN = nil
    configuration.timeouts.fragments = .seconds(30)
    return configuration
  }()

  /// pfSense since 25.11 and 2.9.0, in whose outbound rule endpoint-independent mapping is chosen.
  ///
  /// An inside endpoint keeps its random port towards all remotes, and only endpoints that were sent to
  /// may answer: the WAN's rules let in nothing else. Without that choice it is ``pf``.
  public static let pfSense: Self = {
    var configuration = Self.pf
    configuration.mapping = .endpointIndependent
    configuration.portOverloading = false
    configuration.ports = 1024...65535
    return configuration
  }()

  /// MikroTik's RouterOS with `masquerade`: the Linux kernel with times of its own.
  public static let mikrotik: Self = {
    var configuration = Self.linux
    configuration.timeouts.udp = .seconds(180)
    configuration.timeouts.udpUnanswered = .seconds(10)
    configuration.timeouts.tcpEstablished = .seconds(86_400)
    configuration.timeouts.icmp = .seconds(10)
    var states = NATTable.TCPStateTimeouts()
    (states.synSent, states.synReceived) = (.seconds(5), .seconds(5))
    (states.finWait, states.closeWait, states.lastAck) = (.seconds(10), .seconds(10), .seconds(10))
    (states.timeWait, states.close) = (.seconds(10), .seconds(10))
    configuration.timeouts.tcpStates = states
    return configuration
  }()

  /// The presets with the names that the console knows them by.
  public static let presets: [(name: String, configuration: Self)] = [
    ("full-cone", .fullCone),
    ("restricted-cone", .restrictedCone),
    ("port-restricted-cone", .portRestrictedCone),
    ("symmetric", .symmetric),
    ("linux", .linux),
    ("linux-random", .linuxRandom),
    ("linux-open-input", .linuxOpenInput),
    ("docker", .docker),
    ("cgn", .cgn),
    ("pf", .pf),
    ("pfsense", .pfSense),
    ("mikrotik", .mikrotik),
  ]
}
