import Connections
import Gathering
import ICE
import MulticastDNS
import SansIO
import TransportAddress

/// Two connections and a network that delivers every datagram after 10 ms, under a virtual clock.
struct Wire {
  /// A datagram on its way.
  private struct Datagram {
    var time: Instant
    var number: Int
    var bytes: [UInt8]
    var source: TransportAddress
    var target: TransportAddress
  }

  var connections: [Connection]
  private(set) var now = Instant.zero
  /// What each connection has reported, with the time.
  private(set) var events: [[(time: Instant, event: Connection.Event)]]
  /// The datagrams that nobody has a base for: to servers.
  private(set) var toServers: [(time: Instant, bytes: [UInt8], target: TransportAddress)] = []
  /// The connections to TURN servers that were begun; none of them is ever made.
  private(set) var connects: [(time: Instant, server: TransportAddress)] = []
  /// The queries of multicast DNS.
  private(set) var queries: [(time: Instant, bytes: [UInt8])] = []
  private var generator = SeededGenerator(seed: 1)
  private var flying: [Datagram] = []
  private var owners: [TransportAddress: Int] = [:]
  private var sent = 0

  init(_ bases: [[TransportAddress]], servers: GatheringServers = .init()) throws {
    connections = []
    for (index, list) in bases.enumerated() {
      connections.append(
        try Connection(
          role: index == 0 ? .controlling : .controlled, bases: list, servers: servers,
          using: &generator))
      for base in list { owners[base] = index }
    }
    events = connections.map { _ in [] }
    for index in connections.indices { connections[index].started(at: now, using: &generator) }
    drain()
  }

  /// Tells each connection the other's description.
  mutating func signal() throws {
    for index in connections.indices {
      let text = connections[1 - index].localDescription.description
      try connections[index].remoteDescriptionReceived(
        ICEDescription(parsing: text), at: now, using: &generator)
    }
    drain()
  }

  /// Tells a connection a description.
  mutating func tell(_ description: ICEDescription, to index: Int = 0) throws {
    try connections[index].remoteDescriptionReceived(description, at: now, using: &generator)
    drain()
  }

  /// Delivers a message of multicast DNS to the first connection.
  mutating func answer(_ bytes: [UInt8]) {
    connections[0].namesReceived(
      bytes.span, from: "192.0.2.2:5353", by: .multicast, at: now, using: &generator)
    drain()
  }

  /// Delivers bytes at once, as if they came from `source`.
  mutating func inject(_ bytes: [UInt8], from source: TransportAddress, to base: TransportAddress) {
    guard let owner = owners[base], owner < connections.count else { return }
    connections[owner].received(bytes.span, from: source, to: base, at: now, using: &generator)
    drain()
  }

  mutating func send(_ bytes: [UInt8], by index: Int) -> Bool {
    let isSent = connections[index].send(bytes, at: now, using: &generator)
    drain()
    return isSent
  }

  /// Lets so much time pass.
  mutating func run(for duration: Duration) {
    let end = now.advanced(by: duration)
    while true {
      let datagram = flying.min { ($0.time, $0.number) < ($1.time, $1.number) }
      let deadline = connections.compactMap(\.nextDeadline).min()
      guard let next = [datagram?.time, deadline].compactMap(\.self).min(), next <= end else {
        break
      }
      now = max(now, next)
      if let datagram, datagram.time <= now {
        flying.removeAll { $0.number == datagram.number }
        inject(datagram.bytes, from: datagram.source, to: datagram.target)
      } else {
        for index in connections.indices where (connections[index].nextDeadline ?? end) <= now {
          connections[index].timerFired(at: now, using: &generator)
        }
        drain()
      }
    }
    now = end
  }

  private mutating func drain() {
    for index in connections.indices {
      while let action = connections[index].nextAction() {
        switch action {
        case .report(let event): events[index].append((now, event))
        case .connect(_, let server, _): connects.append((now, server))
        case .query(let bytes): queries.append((now, bytes))
        case .write, .disconnect: break
        case .send(let bytes, let base, let target):
          guard owners[target] != nil else {
            toServers.append((now, bytes, target))
            continue
          }
          sent += 1
          flying.append(
            Datagram(
              time: now.advanced(by: .milliseconds(10)), number: sent, bytes: bytes, source: base,
              target: target))
        }
      }
    }
  }

  /// The data that a connection has reported.
  func data(of index: Int) -> [[UInt8]] {
    events[index].compactMap { if case .data(let bytes) = $0.event { bytes } else { nil } }
  }
}
