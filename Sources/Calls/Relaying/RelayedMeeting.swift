public import NATTable
import STUNCodec
import SansIO
public import Simulator
public import TURN
public import TransportAddress

/// Alice and Bob, who send over a relay that Alice has rented, or both have.
///
///     var call = RelayedMeeting(home: .symmetric, cabin: .portRestrictedCone)
///     call.say("Hello, Bob!", from: .alice, to: call.bob)
///     call.run()
///     print(Ladder(call.trace).text(width: 74))
///
/// It is `Meeting` with a relay: when it begins, both have an address that the other can send to, and a
/// renter has permitted the other. Renters send all over the relay.
public struct RelayedMeeting: Sendable {
  /// Who has an allocation.
  public enum Renters: Hashable, Sendable {
    /// Alice alone; Bob knows what the STUN server saw of him.
    case alice
    /// Both, on the same relay.
    case both
  }

  /// The relay.
  public static let server: TransportAddress = "203.0.113.20:3478"

  /// The network, with all that has happened in it.
  public private(set) var network: Network
  /// What happened in the last run, whose beginning is time zero.
  public private(set) var trace: Trace
  /// Where Bob sends to: Alice's relayed transport address.
  public let alice: TransportAddress
  /// Where Alice sends to: Bob's relayed transport address, or what the STUN server saw of him.
  public let bob: TransportAddress
  private let hosts: [Meeting.Person: HostID]
  private let renters: Renters
  /// When the last run began.
  private var start = Instant.zero
  /// What is to be said in the next run.
  private var lines: [Line] = []

  private struct Line: Sendable {
    let time: Instant
    let person: Meeting.Person
    let words: String
    let destination: TransportAddress
  }

  /// Alice at home and Bob in his cabin, behind a NAT each.
  ///
  /// - Parameters:
  ///   - renters: who has an allocation.
  ///   - options: what their TURN clients ask for; without channels each packet is an indication.
  ///   - relayLink: the relay's link to the Internet, for a relay that is far away.
  public init(
    home: NATTable.Configuration, cabin: NATTable.Configuration, renters: Renters = .alice,
    options: TURNClient.Options = .init(bindsChannels: false), relayLink: Link = .cable
  ) {
    var network = Network(seed: 1)
    let houses = [network.router("home", nat: home), network.router("cabin", nat: cabin)]
    network.host(
      "relay", at: "203.0.113.20", link: relayLink,
      running: TURNServerEndpoint(
        passwords: Self.passwords, relayedPorts: 49152...(renters == .both ? 49153 : 49152),
        reportsDrops: true))
    let alice = network.host(
      "alice", behind: houses[0], running: Self.client("alice", options))
    let bob: HostID
    switch renters {
    case .both:
      bob = network.host("bob", behind: houses[1], running: Self.client("bob", options))
    case .alice:
      let server: TransportAddress = "203.0.113.9:3478"
      network.host("stun.example", at: "203.0.113.9", running: .stunServer)
      let question = STUNMessage.encode(
        .bindingRequest, transactionID: TransactionID(high: 0, low: 1))
      bob = network.host(
        "bob", behind: houses[1],
        running: .script(.init(at: .zero, send: question, to: server)))
    }
    // Some ways to the relay and back, and no longer: its clocks run.
    let patience = .milliseconds(100) + relayLink.latency * 8
    network.run(for: patience)
    guard let first = Self.address(of: alice, in: network),
      let second = Self.address(of: bob, in: network)
    else { preconditionFailure("the servers' answers did not come") }
    Self.permit(second.address, by: alice, in: &network)
    if renters == .both { Self.permit(first.address, by: bob, in: &network) }
    network.run(for: patience)
    self.network = network
    trace = network.trace.since(network.trace.events.count)
    self.renters = renters
    (self.alice, self.bob) = (first, second)
    hosts = [.alice: alice, .bob: bob]
  }

  /// Plans a packet with some words for the next run, at its beginning or some time after.
  public mutating func say(
    _ words: String, from person: Meeting.Person, to destination: TransportAddress,
    after delay: Duration = .zero
  ) {
    lines.append(
      Line(
        time: network.time.advanced(by: delay), person: person, words: words,
        destination: destination))
  }

  /// Draws a stranger's host on the Internet, which runs a program.
  public mutating func stranger(
    _ name: String, at address: IPv4Address, running program: some Endpoint
  ) {
    network.host(name, at: address, running: program)
  }

  /// Lets the time pass until all has been said and has arrived.
  ///
  /// - Parameter duration: how much longer; TURN clients never come to rest.
  public mutating func run(for duration: Duration = .seconds(2)) {
    let first = network.trace.events.count
    start = network.time
    for line in lines.sorted(by: { $0.time < $1.time }) {
      network.run(until: line.time)
      say(line)
    }
    lines = []
    network.run(for: duration)
    trace = network.trace.excerpt(from: first, countingFrom: start)
  }

  /// Something that a person has heard.
  public struct Heard: Hashable, Sendable {
    /// The words.
    public let words: String
    /// Where they seemed to come from.
    public let source: TransportAddress
    /// When they came, counted from the beginning of the last run.
    public let time: Duration
  }

  /// What a person has heard, the earliest first.
  public func heard(by person: Meeting.Person) -> [Heard] {
    let host = host(of: person)
    func heard(_ data: [UInt8], _ source: TransportAddress, _ time: Instant) -> Heard {
      Heard(
        words: String(decoding: data, as: UTF8.self), source: source,
        time: start.duration(to: time))
    }
    if let client = network.program(on: host, as: TURNClientEndpoint.self) {
      return client.received.map { heard($0.data, $0.peer, $0.time) }
    }
    let script = network.program(on: host, as: ScriptEndpoint.self)
    // The first to answer was the STUN server.
    return (script?.received ?? []).dropFirst().map { heard($0.payload, $0.source, $0.time) }
  }

  /// What a person has asked the relay for in the last run, and when: `238 s: CreatePermission`.
  public func requests(by person: Meeting.Person) -> [String] {
    let node = host(of: person).node
    return trace.events.compactMap { event in
      guard event.node == node, case .sent(_, let bytes, _) = event.kind,
        bytes.count > 28, let message = try? STUNMessage(Array(bytes[28...])),
        message.type.class == .request
      else { return nil }
      let seconds = (event.time.nanoseconds + 500_000_000) / 1_000_000_000
      return "\(seconds) s: \(message.type.method)"
    }
  }

  // MARK: - Inside

  private static let passwords = ["alice": "secret", "bob": "mountain"]

  private static func client(
    _ name: String, _ options: TURNClient.Options
  ) -> TURNClientEndpoint {
    TURNClientEndpoint(
      of: server, name, password: passwords[name] ?? "", options: options)
  }

  /// Where a host can be sent to, as the relay or the STUN server has told it.
  private static func address(of host: HostID, in network: Network) -> TransportAddress? {
    if let client = network.program(on: host, as: TURNClientEndpoint.self) {
      return client.relayed
    }
    let script = network.program(on: host, as: ScriptEndpoint.self)
    guard let answer = script?.received.first?.payload,
      let message = try? STUNMessage(answer)
    else { return nil }
    return try? message.xorMappedAddress
  }

  private static func permit(_ address: IPAddress, by host: HostID, in network: inout Network) {
    network.tell(host, TURNClientEndpoint.self) { client, now, generator in
      client.permit(address, at: now, using: &generator)
    }
  }

  private mutating func say(_ line: Line) {
    let bytes = Array(line.words.utf8)
    if line.person == .alice || renters == .both {
      network.tell(host(of: line.person), TURNClientEndpoint.self) { client, now, generator in
        client.send(bytes, to: line.destination, at: now, using: &generator)
      }
    } else {
      network.tell(host(of: line.person), ScriptEndpoint.self) { script, _, _ in
        script.send(bytes, to: line.destination)
      }
    }
  }

  private func host(of person: Meeting.Person) -> HostID {
    guard let host = hosts[person] else { preconditionFailure("both have a host") }
    return host
  }
}
