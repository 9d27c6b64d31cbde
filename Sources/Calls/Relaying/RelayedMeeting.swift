public import NATTable
import STUNCodec
import SansIO
public import Simulator
public import TURN
public import TransportAddress

/// Alice and Bob, who send over a relay that Alice has rented, or both have.
///
///     var call = RelayedMeeting()
///     let trace = call.saying("Hello, Alice!", from: .bob, to: call.alice)
///     print(Ladder(trace).text(width: 74))
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
  /// How Alice has rented: what happened before the rest.
  public let renting: Trace
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

  /// Alice at home and Bob in his cabin, behind a NAT each; with these two they cannot meet.
  ///
  /// - Parameters:
  ///   - renters: who has an allocation.
  ///   - options: what their TURN clients ask for; without channels each packet is an indication.
  ///   - relayLatency: that of the relay's link to the Internet.
  public init(
    home: NATTable.Configuration = .symmetric,
    cabin: NATTable.Configuration = .portRestrictedCone, renters: Renters = .alice,
    options: TURNClient.Options = .init(bindsChannels: false),
    relayLatency: Duration = .microseconds(500)
  ) {
    var network = Network(seed: 1)
    let houses = [network.router("home", nat: home), network.router("cabin", nat: cabin)]
    network.host(
      "relay", at: "203.0.113.20", link: Link(latency: relayLatency),
      running: TURNServerEndpoint(
        passwords: Self.passwords, relayedPorts: 49152...(renters == .both ? 49153 : 49152),
        reportsDrops: true))
    let alice = network.host(
      "alice", behind: houses[0], running: Self.client("alice", options))
    let bob = network.host("bob", behind: houses[1])
    // Some ways to the relay and back, and no longer: its clocks run.
    let patience = .milliseconds(100) + relayLatency * 8
    network.run(for: patience)
    renting = network.trace
    switch renters {
    case .both: network.run(Self.client("bob", options), on: bob)
    case .alice:
      let server: TransportAddress = "203.0.113.9:3478"
      network.host("stun.example", at: "203.0.113.9", running: .stunServer)
      let question = STUNMessage.encode(
        .bindingRequest, transactionID: TransactionID(high: 0, low: 1))
      network.run(.script(.init(at: .zero, send: question, to: server)), on: bob)
    }
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

  /// Sends a packet with some words now, and lets the time pass.
  ///
  /// - Returns: what happened.
  public mutating func saying(
    _ words: String, from person: Meeting.Person, to destination: TransportAddress
  ) -> Trace {
    say(words, from: person, to: destination)
    run()
    return trace
  }

  /// Lets a stranger on the Internet send some words to Alice's relayed transport address.
  ///
  /// - Returns: what happened.
  public mutating func stranger(at address: IPv4Address, saying words: String) -> Trace {
    network.host("stranger", at: address, running: .call(words, to: alice))
    run()
    return trace
  }

  /// How many bytes a packet of Alice's to Bob has more on its way to the relay than behind it.
  ///
  /// - Parameters:
  ///   - count: how many bytes of data it has.
  ///   - isBound: whether it goes by a channel, or in a Send indication.
  public static func overhead(ofDataWith count: Int, isBound: Bool) -> Int {
    var call = RelayedMeeting(cabin: .fullCone, options: .init(bindsChannels: isBound))
    // The first packet goes in an indication, and has a channel bound for the next.
    for _ in 1...2 {
      _ = call.saying(String(repeating: "a", count: count), from: .alice, to: call.bob)
    }
    let sent = call.network.packets(sentBy: "alice").last?.count ?? 0
    let arrived = call.network.packets(deliveredTo: "bob").last?.count ?? 0
    return sent - arrived
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

  /// Lets some time pass.
  ///
  /// - Returns: what a person has asked the relay for meanwhile, and when: `240 s: CreatePermission`.
  public mutating func requests(
    by person: Meeting.Person, in duration: Duration
  ) -> [String] {
    run(for: duration)
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
