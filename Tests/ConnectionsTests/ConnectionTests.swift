import Connections
import Gathering
import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct ConnectionTests {
  static let stun: TransportAddress = "198.51.100.1:3478"
  static let bases: [[TransportAddress]] = [
    ["[2001:db8::1]:5000", "192.0.2.1:5000"], ["[2001:db8::2]:6000", "192.0.2.2:6000"],
  ]

  @Test("Two connections select a pair, of the preferred family, and data goes both ways")
  func connect() throws {
    var wire = try Wire(Self.bases)
    try wire.signal()
    wire.run(for: .seconds(2))
    for index in 0...1 {
      #expect(wire.connections[index].agent.state == .completed)
      #expect(wire.connections[index].agent.pair()?.base == Self.bases[index][0])
    }
    let areSent = [wire.send([0x40, 1], by: 0), wire.send([0x40, 2], by: 1)]
    #expect(areSent == [true, true])
    wire.run(for: .seconds(1))
    #expect(wire.data(of: 1) == [[0x40, 1]])
    #expect(wire.data(of: 0) == [[0x40, 2]])
  }

  @Test("Nothing can be sent before there is a pair")
  func tooEarly() throws {
    var wire = try Wire(Self.bases)
    let isSent = wire.send([0x40], by: 0)
    #expect(!isSent)
  }

  @Test("The description is a text with credentials, candidates and their end")
  func description() throws {
    let wire = try Wire(Self.bases)
    let description = wire.connections[0].localDescription
    #expect(try ICEDescription(parsing: description.description) == description)
    #expect(description.streams[0].candidates.count == 2)
    #expect(description.streams[0].isEnded)
    #expect(
      wire.events[0].map(\.event).contains(.gatheringFinished)
        && description.session.credentials != nil)
  }

  @Test("A server that does not answer delays the description by the patience, and is named")
  func deadServer() throws {
    var wire = try Wire([["192.0.2.1:5000"]], servers: .init(stun: [Self.stun]))
    #expect(!wire.connections[0].localDescription.streams[0].isEnded)
    wire.run(for: .seconds(10))
    let failure = try #require(
      wire.events[0].first { $0.event == .serverFailed(Self.stun, .noAddress) })
    let end = try #require(wire.events[0].first { $0.event == .gatheringFinished })
    #expect(failure.time == end.time)
    let patience = Connection.gatheringPatience + ICEConstants.pacing
    #expect(Instant.zero.duration(to: end.time) == patience)
  }

  @Test("The STUN server's answer is a candidate, and mappings are kept alive until a pair is used")
  func reflexive() throws {
    var wire = try Wire([["192.0.2.1:5000"]], servers: .init(stun: [Self.stun]))
    let request = try STUNMessage(try #require(wire.toServers.first).bytes)
    let response = try STUNMessage.encode(
      MessageType(.successResponse, .binding), transactionID: request.transactionID
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(xorMappedAddress: "203.0.113.7:40000")
    }
    wire.inject(response, from: Self.stun, to: "192.0.2.1:5000")
    let types = wire.connections[0].localDescription.streams[0].candidates.map(\.type)
    #expect(types == [.host, .serverReflexive])
    wire.run(for: .seconds(50))
    let indications = try wire.toServers.dropFirst().map { try STUNMessage($0.bytes).type }
    #expect(indications == Array(repeating: MessageType(.indication, .binding), count: 3))
  }

  @Test("Each transaction of gathering begins one Ta after the last")
  func pacing() throws {
    let servers = GatheringServers(
      stun: [Self.stun],
      relays: [.init("198.51.100.2:3478", username: "alice", password: "pass")])
    var wire = try Wire([["192.0.2.1:5000", "192.0.2.3:5000"]], servers: servers)
    wire.run(for: .milliseconds(160))
    #expect(
      wire.toServers.map { Instant.zero.duration(to: $0.time) }
        == [.zero, .milliseconds(50), .milliseconds(100), .milliseconds(150)])
  }

  @Test("Where a relay can be reached in several ways, each further one has two seconds more")
  func furtherWays() throws {
    func relay(_ port: UInt16, _ transport: RelayTransport) -> GatheringServers.Relay {
      .init(
        TransportAddress("198.51.100.2", port: port), over: transport, username: "alice",
        password: "pass")
    }
    let servers = GatheringServers(
      relays: [relay(5349, .tls(name: "a")), relay(3479, .tcp), relay(3478, .udp)])
    var wire = try Wire([["192.0.2.1:5000"]], servers: servers)
    wire.run(for: .seconds(20))
    #expect(wire.connects.map(\.time) == [.seconds(2), .seconds(4)])
    #expect(wire.connects.map(\.server.port) == [3479, 5349])
    let end = try #require(wire.events[0].first { $0.event == .gatheringFinished })
    #expect(
      Instant.zero.duration(to: end.time) == .seconds(9) + ICEConstants.pacing)
  }

  @Test("With relayed candidates alone, no address of the host is in the description")
  func relayOnly() throws {
    let wire = try Wire(Self.bases, servers: .init(relayOnly: true))
    #expect(wire.connections[0].localDescription.streams[0].candidates == [])
    #expect(wire.connections[0].localDescription.streams[0].isEnded)
  }

  @Test("Data from an address that is none of the peer's is dropped and counted")
  func strangers() throws {
    var wire = try Wire(Self.bases)
    try wire.signal()
    wire.run(for: .seconds(2))
    wire.inject([0x40], from: "203.0.113.66:1", to: Self.bases[0][0])
    #expect(wire.data(of: 0) == [])
    #expect(wire.connections[0].strangerCount == 1)
  }

  @Test(
    "Candidates with names are left out and counted; a description without credentials is refused")
  func descriptions() throws {
    var wire = try Wire(Self.bases)
    var generator = SeededGenerator(seed: 2)
    var description = wire.connections[1].localDescription
    description.streams[0].candidates[0].host = .name("a.example")
    try wire.connections[0].remoteDescriptionReceived(description, at: .zero, using: &generator)
    #expect(wire.connections[0].nameCount == 1)
    description.session.credentials = nil
    #expect(throws: ConnectionError.noCredentials) {
      try wire.connections[0].remoteDescriptionReceived(description, at: .zero, using: &generator)
    }
  }

  @Test("Consent that is not answered any more ends the connection")
  func consent() throws {
    var wire = try Wire(Self.bases)
    try wire.signal()
    wire.run(for: .seconds(2))
    wire.connections.removeLast()
    wire.run(for: .seconds(40))
    #expect(
      wire.events[0].contains {
        if case .ended(_, .consentExpired) = $0.event { true } else { false }
      })
    let isSent = wire.send([0x40], by: 0)
    #expect(!isSent)
  }

  @Test("Without relays everything is given back at once")
  func released() throws {
    var wire = try Wire([["192.0.2.1:5000"]])
    var generator = SeededGenerator(seed: 2)
    wire.connections[0].released(at: .zero, using: &generator)
    let actions = [wire.connections[0].nextAction(), wire.connections[0].nextAction()]
    #expect(actions == [.report(.released), nil])
  }
}
