public import NATTable
import STUNCodec
package import SansIO
public import TransportAddress

/// Alice and Bob, who have asked a STUN server and know what it saw, and now send when they are told.
///
///     var meeting = Meeting(home: .portRestrictedCone, cabin: .symmetric)
///     meeting.say("Hello, Bob!", from: .alice, to: meeting.bob)
///     meeting.run()
///     print(Ladder(meeting.trace).text(width: 74))
///
/// It is ``HolePunching`` by hand: who sends what to which address, and when, is its user's choice.
public struct Meeting: Sendable {
  /// One of the two.
  public enum Person: Hashable, Sendable, CaseIterable {
    case alice
    case bob
  }

  /// The network, with all that has happened in it.
  public private(set) var network: Network
  /// What happened in the last run, whose beginning is time zero.
  public private(set) var trace: Trace
  /// Alice's address as the STUN server saw it.
  public let alice: TransportAddress
  /// Bob's address as the STUN server saw it.
  public let bob: TransportAddress
  private let hosts: [Person: HostID]

  /// Alice at home and Bob in his cabin, behind a NAT each.
  public init(home: NATTable.Configuration, cabin: NATTable.Configuration) {
    var network = Network(seed: 1)
    let houses = [network.router("home", nat: home), network.router("cabin", nat: cabin)]
    self.init(network, behind: houses)
  }

  /// Alice at home and Bob in his cabin, behind a firewall each and without a NAT.
  ///
  /// - Precondition: both firewalls let the question to the server out, and its answer in.
  public init(home: Firewall.Policy, cabin: Firewall.Policy) {
    var network = Network(seed: 1)
    let houses = [network.firewall("home", home), network.firewall("cabin", cabin)]
    self.init(network, behind: houses)
  }

  /// Alice and Bob both at home, behind the same NAT.
  public init(together home: NATTable.Configuration) {
    var network = Network(seed: 1)
    let house = network.router("home", nat: home)
    self.init(network, behind: [house, house])
  }

  private init(_ drawn: Network, behind houses: [RouterID]) {
    var network = drawn
    let server: TransportAddress = "203.0.113.9:3478"
    network.host("stun.example", at: "203.0.113.9", running: .stunServer)
    let hosts = ["alice", "bob"].enumerated().map { index, name in
      let question = STUNMessage.encode(
        .bindingRequest, transactionID: TransactionID(high: 0, low: UInt64(index)))
      return network.host(
        name, behind: houses[index],
        running: .script(.init(at: .zero, send: question, to: server)))
    }
    network.run()
    let seen = hosts.map { host in
      guard
        let answer = network.program(on: host, as: ScriptEndpoint.self)?.received.first?.payload,
        let message = try? STUNMessage(answer), let address = try? message.xorMappedAddress
      else { preconditionFailure("the STUN server's answer did not come") }
      return address
    }
    self.network = network
    self.hosts = [.alice: hosts[0], .bob: hosts[1]]
    (alice, bob) = (seen[0], seen[1])
    trace = Trace()
  }

  /// Plans a packet with some words for the next run, at its beginning or some time after.
  public mutating func say(
    _ words: String, from person: Person, to destination: TransportAddress,
    after delay: Duration = .zero
  ) {
    let line = ScriptEndpoint.Line(
      at: network.time.advanced(by: delay), send: words, to: destination)
    network.tell(host(of: person), ScriptEndpoint.self) { script, _, _ in script.add(line) }
  }

  /// Lets the time pass until all has been said and no packet is on its way.
  public mutating func run() {
    let (first, start) = (network.trace.events.count, network.time)
    network.run()
    trace = network.trace.excerpt(from: first, countingFrom: start)
  }

  /// Where the packets that have reached a person came from, the earliest first.
  public func senders(heardBy person: Person) -> [TransportAddress] {
    let script = network.program(on: host(of: person), as: ScriptEndpoint.self)
    // The first to answer was the server.
    return (script?.received ?? []).dropFirst().map(\.source)
  }

  private func host(of person: Person) -> HostID {
    guard let host = hosts[person] else { preconditionFailure("both have a host") }
    return host
  }
}

extension Trace {
  /// What has happened from an event on, with the time counted from another beginning.
  package func excerpt(from index: Int, countingFrom start: Instant) -> Trace {
    var excerpt = since(index)
    excerpt.events = excerpt.events.map { event in
      var kind = event.kind
      if case .table(let change) = kind { kind = .table(change.counted(from: start)) }
      return Event(time: event.time.counted(from: start), node: event.node, kind: kind)
    }
    excerpt.earlierMappings = excerpt.earlierMappings.mapValues { mappings in
      mappings.map { $0.counted(from: start) }
    }
    return excerpt
  }
}

extension Trace {
  /// The trace without the reports of which a condition holds.
  package func withoutReports(where isLeftOut: (String) -> Bool) -> Trace {
    var rest = self
    rest.events.removeAll { event in
      if case .report(let text) = event.kind { isLeftOut(text) } else { false }
    }
    return rest
  }

  /// What a node has sent and reported, a line each, with the time in seconds.
  package func log(of node: NodeID) -> [String] {
    events(at: node).compactMap { event in
      let tenths = (event.time.nanoseconds + 50_000_000) / 100_000_000
      let time = "\(tenths / 10).\(tenths % 10) s: "
      switch event.kind {
      case .sent(_, let bytes, _): return time + "sends \(PacketWords(bytes).content)"
      case .report(let text): return time + text
      default: return nil
      }
    }
  }
}

// The same times, counted from another beginning.

extension Instant {
  fileprivate func counted(from start: Instant) -> Instant {
    Instant.zero.advanced(by: start.duration(to: self))
  }
}

extension NATTable.Mapping {
  fileprivate func counted(from start: Instant) -> NATTable.Mapping {
    if isStatic { return self }
    var copy = self
    copy.expires = expires.counted(from: start)
    for index in copy.filters.indices {
      copy.filters[index].expires = filters[index].expires.counted(from: start)
    }
    return copy
  }
}

extension Trace.TableChange {
  fileprivate func counted(from start: Instant) -> Trace.TableChange {
    switch self {
    case .made(let mapping): .made(mapping.counted(from: start))
    case .changed(let mapping): .changed(mapping.counted(from: start))
    case .refreshed(let mapping): .refreshed(mapping.counted(from: start))
    case .removed(let mapping): .removed(mapping.counted(from: start))
    }
  }
}
