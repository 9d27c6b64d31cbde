import Calls
import NATTable
import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// A phone takes its allocation from one network to another, and others try to take it away.
@Suite(.report("T13", "coturn/coturn 1969")) struct MobilityTheftTests {
  private static let relay: TransportAddress = "203.0.113.20:3478"
  private static let bob: TransportAddress = "203.0.113.50:6000"

  /// A phone at home that can reach a cell, a relay, and a friend on the Internet.
  private struct World {
    var net = Network(seed: 8016)
    let home: RouterID
    let cell: RouterID
    let phone: HostID
    let friend: HostID

    init() {
      home = net.router("home", nat: .portRestrictedCone)
      cell = net.router("cell", nat: .symmetric, inside: "100.64.0.1")
      net.host(
        "relay", at: "203.0.113.20",
        running: TURNServerEndpoint(
          passwords: ["alice": "secret", "mallory": "word"], allowsMobility: true))
      phone = net.host(
        "phone", behind: home,
        running: TURNClientEndpoint(
          of: relay, "alice", password: "secret", options: .init(asksForTicket: true)))
      friend = net.host("friend", at: "203.0.113.50", running: ScriptEndpoint(port: 6000))
      net.run(for: .seconds(1))
      net.tell(phone, TURNClientEndpoint.self) { client, now, generator in
        client.permit(bob.address, at: now, using: &generator)
      }
      net.run(for: .seconds(1))
    }

    var client: TURNClientEndpoint { net.program(on: phone, as: TURNClientEndpoint.self)! }

    var friendScript: ScriptEndpoint { net.program(on: friend, as: ScriptEndpoint.self)! }

    /// Both send a number each 20 ms.
    mutating func talk(_ numbers: Range<UInt8>) {
      for number in numbers {
        let relayed = client.relayed!
        net.tell(phone, TURNClientEndpoint.self) { client, now, generator in
          client.send([number], to: bob, at: now, using: &generator)
        }
        net.tell(friend, ScriptEndpoint.self) { script, _, _ in
          script.send([number], to: relayed)
        }
        net.run(for: .milliseconds(20))
      }
    }

    var heardByPhone: [UInt8] { client.received.compactMap(\.data.first) }
    var heardByFriend: [UInt8] { friendScript.received.compactMap(\.payload.first) }
  }

  @Test("Coming to the cell before it leaves home, the phone loses no packet in either direction")
  func makeBeforeBreak() {
    var world = World()
    let relayed = world.client.relayed
    world.talk(1..<50)
    let radio = world.net.interface("cell", of: world.phone, behind: world.cell)
    world.talk(50..<100)
    world.net.disconnect(world.phone.interface)
    world.talk(100..<150)
    world.net.run(for: .seconds(2))
    #expect(world.heardByPhone.sorted() == Array(1..<150))
    #expect(world.heardByFriend.sorted() == Array(1..<150))
    #expect(world.client.relayed == relayed)
    #expect(world.net.isConnected(radio))
  }

  @Test("Gone from home before it is in the cell, it loses only what came to its home meanwhile")
  func breakBeforeMake() {
    var world = World()
    let relayed = world.client.relayed
    world.talk(1..<50)
    world.net.run(for: .seconds(1))
    world.net.disconnect(world.phone)
    world.net.connect(world.phone, behind: world.cell)
    world.talk(50..<100)
    world.net.run(for: .seconds(2))
    #expect(world.heardByFriend.sorted() == Array(1..<100))
    let lost = Set(1..<100).subtracting(world.heardByPhone)
    #expect(lost.allSatisfy { (50..<70).contains($0) })
    #expect(world.client.relayed == relayed)
    // For an hour.
    world.net.run(for: .seconds(3600))
    world.talk(100..<110)
    world.net.run(for: .seconds(1))
    #expect(world.heardByPhone.suffix(10) == Array(100..<110))
  }

  @Test("Another user with the ticket, and a recorded move from another address, take nothing away")
  func theft() throws {
    var street = RelayStreet(allowsMobility: true)
    var alice = try PlainClient(in: &street)
    var elsewhere = try PlainClient("alice", at: "198.51.100.80", named: "tablet", in: &street)
    var eve = try PlainClient("eve", at: "198.51.100.66", password: "envious", in: &street)
    let response = try alice.ask(.allocate, in: &street) {
      try $0.append(requestedTransport: 17)
      try $0.append(.mobilityTicket, bytes: [])
    }
    let relayed = try #require(try response.xorRelayedAddress)
    let ticket = try #require(response.mobilityTicket)
    try alice.permit(RelayStreet.bob, in: &street)
    #expect(
      try eve.refusal(.refresh, in: &street) { try $0.append(.mobilityTicket, bytes: ticket) }
        == .wrongCredentials)
    // With an allocation of her own, on a 5-tuple whose user is known.
    try eve.allocate(in: &street)
    #expect(
      try eve.refusal(.refresh, in: &street) { try $0.append(.mobilityTicket, bytes: ticket) }
        == .badRequest)
    // What alice has sent from her new place, sent again by eve.
    _ = try elsewhere.refusal(.refresh, in: &street)
    let move = try elsewhere.request(.refresh) { try $0.append(.mobilityTicket, bytes: ticket) }
    #expect(try elsewhere.exchange(move, in: &street).type.class == .successResponse)
    #expect(try eve.exchange(move, in: &street).errorCode == .staleNonce)
    let before = eve.received(in: street).count
    street.send([1, 2, 3], from: street.bobsHost, to: relayed)
    street.network.run(for: .seconds(1))
    #expect(eve.received(in: street).count == before)
    #expect(alice.received(in: street).last?.suffix(4).first == 1)
    // The user's quota is held: alice has one allocation, not two and not none.
    #expect(try street.server.allocationCount == 2)
  }
}
