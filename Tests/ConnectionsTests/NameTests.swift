import Connections
import ICE
import MulticastDNS
import STUN
import SansIO
import Testing
import TransportAddress

/// Candidates of the peer's whose addresses are names of multicast DNS.
@Suite struct NameTests {
  /// A response with an AAAA record of a name: 2001:db8::2.
  private func response(_ name: String) throws -> [UInt8] {
    let name = try #require(DNSName(multicast: name))
    return [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0] + name.bytes
      + [0, 28, 0x80, 1, 0, 0, 0, 120, 0, 16, 0x20, 0x01, 0x0D, 0xB8]
      + Array(repeating: 0, count: 11) + [2]
  }

  /// The second connection's description with names in place of its addresses of IPv6, or of both families.
  private func hidden(_ wire: Wire, all: Bool = false) -> ICEDescription {
    var description = wire.connections[1].localDescription
    for index in description.streams[0].candidates.indices {
      switch description.streams[0].candidates[index].host {
      case .address(.v6): description.streams[0].candidates[index].host = .name("six.local")
      case .address(.v4) where all:
        description.streams[0].candidates[index].host = .name("four.local")
      default: break
      }
    }
    return description
  }

  private func states(_ wire: Wire) -> [Connection.Event] {
    wire.events[0].map(\.event).filter {
      switch $0 {
      case .resolved, .unresolved, .state(.failed): true
      default: false
      }
    }
  }

  @Test("A candidate whose name resolves is a host candidate, with the priority that was signaled")
  func resolved() throws {
    var wire = try Wire(ConnectionTests.bases)
    let description = hidden(wire)
    try wire.tell(description)
    #expect(wire.connections[0].waitingNameCount == 1 && wire.connections[0].nameCount == 0)
    #expect(wire.queries.count == 2)
    wire.answer(try response("six.local"))
    #expect(wire.connections[0].waitingNameCount == 0)
    let remote = wire.connections[0].agent.checklists.checklists[0].remote
    let added = try #require(remote.first { $0.address == "[2001:db8::2]:6000" })
    #expect(added.type == .host)
    #expect(added.priority == description.streams[0].candidates.first { $0.multicast }?.priority)
    #expect(states(wire) == [.resolved("six.local", "2001:db8::2")])
    #expect(wire.connections[0].agent.leftOutCandidates == [])
  }

  @Test("Nothing waits for a name: the pairs without one are checked, and one of them is selected")
  func beside() throws {
    var wire = try Wire(ConnectionTests.bases)
    let offer = wire.connections[0].localDescription
    try wire.tell(hidden(wire))
    try wire.tell(offer, to: 1)
    wire.run(for: .seconds(2))
    #expect(wire.connections[0].agent.state == .completed)
    #expect(wire.connections[0].waitingNameCount == 1)
  }

  @Test("A name that does not resolve is left out with its reason, once its time is up")
  func unresolved() throws {
    var wire = try Wire(ConnectionTests.bases)
    try wire.tell(hidden(wire))
    wire.run(for: .seconds(4.9))
    #expect(states(wire) == [] && wire.queries.count == 6)
    wire.run(for: .seconds(0.1))
    #expect(states(wire) == [.unresolved("six.local")])
    #expect(wire.connections[0].nameCount == 1)
    #expect(wire.connections[0].agent.leftOutCandidates.map(\.reason) == [.name])
  }

  @Test("The end of the peer's candidates waits for names: until then the agent has not failed")
  func end() throws {
    var wire = try Wire(ConnectionTests.bases)
    var description = hidden(wire, all: true)
    description.streams[0].isEnded = true
    try wire.tell(description)
    let component = StreamComponent(stream: 0, component: try #require(ComponentID(rawValue: 1)))
    func mayStillCome(_ wire: Wire) -> Bool? {
      guard
        case .nothingToCheck(_, let mayStillCome) =
          wire.connections[0].agent.explanation(of: component)
      else { return nil }
      return mayStillCome
    }
    #expect(mayStillCome(wire) == true)
    wire.run(for: .seconds(4.9))
    #expect(mayStillCome(wire) == true)
    wire.run(for: .seconds(0.1))
    #expect(mayStillCome(wire) == false)
    #expect(states(wire) == [.unresolved("four.local"), .unresolved("six.local")])
  }

  @Test("The end that comes with a later message waits likewise, and an answer lets it through")
  func trickled() throws {
    var wire = try Wire(ConnectionTests.bases)
    var description = hidden(wire)
    description.streams[0].isEnded = false
    try wire.tell(description)
    description.streams[0].candidates = []
    description.streams[0].isEnded = true
    try wire.tell(description)
    wire.answer(try response("six.local"))
    let remote = wire.connections[0].agent.checklists.checklists[0].remote
    // Not dropped as one after the end.
    #expect(remote.contains { $0.address == "[2001:db8::2]:6000" })
    #expect(wire.connections[0].agent.drops[.afterEndOfCandidates] == 0)
  }

  @Test("Several candidates with one name are asked for once, and all of them join")
  func shared() throws {
    var wire = try Wire(ConnectionTests.bases)
    var description = hidden(wire)
    var second = try #require(description.streams[0].candidates.first { $0.multicast })
    second.port = 6001
    description.streams[0].candidates.append(second)
    try wire.tell(description)
    #expect(wire.queries.count == 2 && wire.connections[0].waitingNameCount == 2)
    wire.answer(try response("SIX.local"))
    let remote = wire.connections[0].agent.checklists.checklists[0].remote
    #expect(
      Set(remote.map(\.address)).isSuperset(of: ["[2001:db8::2]:6000", "[2001:db8::2]:6001"]))
  }

  @Test("Names with more labels, and names of TCP candidates, are not asked for")
  func others() throws {
    var wire = try Wire(ConnectionTests.bases)
    var description = hidden(wire)
    for index in description.streams[0].candidates.indices {
      description.streams[0].candidates[index].host = .name("a.b.local")
    }
    description.streams[0].candidates.append(
      try CandidateAttribute(
        parsing: "candidate:4 1 TCP 1518280447 a.local 9 typ host tcptype active"))
    try wire.tell(description)
    #expect(wire.queries.isEmpty)
    #expect(
      wire.connections[0].agent.leftOutCandidates.map(\.reason)
        == [.name, .name, .transport("TCP")])
  }
}

extension CandidateAttribute {
  fileprivate var multicast: Bool { if case .name = host { true } else { false } }
}
