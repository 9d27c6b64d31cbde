import Calls
import NATTable
import Simulator

extension Drill {
  /// A relay whose ports for relayed addresses are closed by a firewall.
  static let newRelay = Drill(
    "new-relay",
    report: "Since the relay stands in the data center, calls from the office to the branch do not "
      + "connect.",
    scene: {
      var alice = Scene.Side("office", nat: .symmetric)
      var bob = Scene.Side("branch", nat: .symmetric)
      alice.nat.portAssignment = .random
      bob.nat.portAssignment = .random
      (alice.ownsRouter, bob.ownsRouter) = (true, true)
      bob.relayAccess = .none
      var relay = Scene.Relay()
      var firewall = Firewall.Policy.answersOnly
      firewall.inbound = .only([3478, 443])
      relay.firewall = firewall
      return Scene(alice: alice, bob: bob, relay: relay)
    }(),
    causes: [
      .init(
        "The relay accepts no user since it has moved",
        "It has given Alice an address.", .packets(.alice, ["←", "Allocate success"]),
        .candidates(.alice, ["typ relay"])),
      .init(
        "Alice has no permission at the relay for Bob's address",
        "She has asked for it, and got it.", .packets(.alice, ["←", "CreatePermission success"])),
      .init(
        "The relay announces an address that is private",
        "Its address is one of the Internet's, and Bob sends to it.",
        .candidates(.alice, ["203.0.113.130", "typ relay"]),
        .packets(.bob, ["→ 203.0.113.130:49", "Binding request"])),
      .init(
        "The relay's ports for peers are closed from outside",
        "Clients reach it at 3478. Bob's checks go to the relayed address, at a port from 49152 "
          + "on, "
          + "and the firewall before the relay drops them.",
        .packets(.alice, ["← 203.0.113.130:3478", "Allocate success"]),
        .packets(.bob, ["→ 203.0.113.130:49", "Binding request"]),
        .noPacket(.bob, ["← 203.0.113.130:49", "success"]),
        .network(["bob sends Binding request", "data center drops it"])),
    ], right: 4,
    fixes: [
      .init(
        "Let Alice ask the relay over TCP, and not over UDP alone",
        "Her way to the relay is open already; Bob's way to her relayed address is not."
      ) { $0.alice.relayAccess = .udpAndTCP },
      .init(
        "Open the UDP ports from 49152 on toward the relay",
        "Bob's checks get to the relayed address, from which Alice has permission for him."
      ) { $0.relay?.firewall = .open },
      .otherSTUN(
        "Both know the address that a server sees; toward a relay they have another port."),
    ], helps: 2)
}
