import IPPacket
public import SansIO
public import TransportAddress

/// A stateful NAT64: hosts that have IPv6 alone reach hosts that have IPv4 alone (RFC 6146).
///
///     IPv6 host             NAT64                             IPv4 host
///     2001:db8:1::2:5000 ──▶ to 64:ff9b::198.51.100.1:80
///                             │ table: 2001:db8:1::2:5000 is 203.0.113.7:5000
///                             │ headers: IPv6 to IPv4
///                             └─ 203.0.113.7:5000 ──────────▶ 198.51.100.1:80
///
/// It is two things in a row. A ``NATTable``, all of whose addresses are IPv6, exchanges the host's
/// endpoint for one that embeds an IPv4 address; its mappings are the RFC's binding information
/// base, the remotes of a mapping its session table (RFC 6146 §3.1, §3.2). A ``HeaderTranslator``
/// then exchanges the headers (RFC 6146 §3.7). From the outside it goes the other way round.
public struct NAT64: Sendable {
  /// The mappings, with IPv4 addresses in their IPv6 form; ``mappings`` shows them as they are.
  public internal(set) var table: NATTable

  /// How headers are exchanged, and the MTUs of the links.
  public var translator: HeaderTranslator

  /// A NAT64 without mappings.
  ///
  /// - Parameters:
  ///   - configuration: how its table behaves; the filter may be endpoint-independent too (RFC
  ///     6146 §3.5).
  ///   - prefix: what IPv6 hosts put before the addresses of IPv4 hosts: the RFC's Pref64.
  ///   - external: its IPv4 addresses.
  ///   - randomSeed: where random ports and Identification values come from.
  public init(
    _ configuration: NATTable.Configuration = .nat64, prefix: EmbeddedIPv4Prefix = .wellKnown,
    external: [IPv4Address], randomSeed: UInt64 = 0
  ) {
    table = NATTable(
      configuration, external: external.map { .v6(prefix.address(for: $0)) },
      randomSeed: randomSeed)
    translator = HeaderTranslator(prefix, randomSeed: randomSeed)
  }

  /// The prefix that IPv4 hosts have for IPv6 hosts.
  public var prefix: EmbeddedIPv4Prefix { translator.prefix }

  /// The IPv4 addresses, in the order in which hosts are given them.
  public var externalAddresses: [IPv4Address] {
    table.externalAddresses.compactMap(translator.embedded)
  }

  /// Why a packet does not go on.
  public enum DropReason: Error, Hashable, Sendable {
    /// The table does not let it.
    case table(NATTable.DropReason)
    /// Its headers cannot be translated.
    case translation(TranslationFailure)
    /// It comes from an address behind the NAT64's own prefix: it would go round for ever (RFC
    /// 6146 §3.5).
    case hairpinLoop
  }

  // MARK: - Time

  /// Moves the time on and removes what has expired.
  ///
  /// - Returns: how many mappings were removed.
  /// - Complexity: O(what expires).
  @discardableResult
  public mutating func expire(at now: Instant) -> Int { table.expire(at: now) }

  /// When something has to be removed or answered next; nil if there is nothing.
  public var nextDeadline: Instant? { table.nextDeadline }

  /// The next thing to do besides forwarding; nil if there is nothing.
  ///
  /// To be called until it gives nil, see ``NATTable/nextAction()``. What is to be sent is IPv4.
  public mutating func nextAction() -> NATTable.Action? {
    while let action = table.nextAction() {
      guard case .send(let answer) = action else { return action }
      if let translated = try? translator.toIPv4(answer) { return .send(translated) }
    }
    return nil
  }

  // MARK: - Configured mappings

  /// Maps an IPv6 host's endpoint to an IPv4 endpoint for good: a static entry of the RFC's binding
  /// information base (RFC 6146 §3.1).
  ///
  /// - Throws: if the IPv4 endpoint is not one of the NAT64's, or either has a mapping already.
  public mutating func addStaticMapping(
    _ protocol: TransportProtocol = .udp, inside: TransportAddress, outside: TransportAddress
  ) throws(NATTable.ConfigurationError) {
    guard case .v6 = inside.address, case .v4(let host) = outside.address else {
      throw .mixedFamilies
    }
    guard externalAddresses.contains(host) else { throw .notAnExternalAddress(outside.address) }
    let embedded = TransportAddress(.v6(prefix.address(for: host)), port: outside.port)
    do throws(NATTable.ConfigurationError) {
      try table.addStaticMapping(`protocol`, inside: inside, outside: embedded)
    } catch .endpointTaken {
      throw .endpointTaken(outside)
    } catch {
      throw error
    }
  }
}

extension NATTable.Configuration {
  /// The table of a NAT64 as RFC 6146 has it: a mapping for all remotes, filtered by address.
  ///
  /// Packets of both sides refresh a session (RFC 6146 §3.5.1). Its times are those of RFC 6146
  /// §4: a connection that is open may be silent for two hours and four minutes.
  public static let nat64: Self = {
    var configuration = Self.restrictedCone
    configuration.inboundRefresh = true
    return configuration
  }()
}

extension NAT64.DropReason {
  /// The reason's name, for programs.
  public var code: String {
    switch self {
    case .table(let reason): reason.rawValue
    case .translation(let failure): failure.code
    case .hairpinLoop: "hairpinLoop"
    }
  }
}

extension NAT64.DropReason: CustomStringConvertible {
  /// The reason as a phrase with its section.
  public var description: String {
    switch self {
    case .table(let reason): reason.description
    case .translation(let failure): failure.description
    case .hairpinLoop: "the source is behind the NAT64's own prefix (RFC 6146 §3.5)"
    }
  }
}
