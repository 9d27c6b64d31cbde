import Calls
import NATTable

extension Drill {
  /// Two customers of one carrier-grade NAT that does not hairpin.
  static let neighbors = Drill(
    "neighbors",
    report: "My neighbor has the same provider as I. Each of us reaches the whole country, but "
      + "not the "
      + "other.",
    scene: {
      var alice = Scene.Side("home")
      var bob = Scene.Side("next door")
      (alice.ownsRouter, bob.ownsRouter) = (true, true)
      (alice.relayAccess, bob.relayAccess) = (.none, .none)
      var scene = Scene(alice: alice, bob: bob, relay: nil)
      var carrier = NATTable.Configuration.cgn
      carrier.hairpinning = .none
      scene.carrier = carrier
      return scene
    }(),
    causes: [
      .init(
        "Both home routers give each destination another port",
        "Their tables say otherwise: one outside port, to any destination.",
        .table(["10.0.0.2:5000", "any"])),
      .init(
        "Bob's app takes the call and sends no checks at all",
        "It sends them, to the address that Alice has signaled.",
        .packets(.bob, ["→ 198.51.100.1", "Binding request"])),
      .init(
        "The provider's NAT sends nothing back to its inside",
        "Both have the same address outside: the provider's NAT stands before both homes. What one "
          + "sends to the other turns round there, or should: this NAT does not hairpin, and "
          + "there is no "
          + "relay outside of it.",
        .candidates(.alice, ["198.51.100.1", "typ srflx"]),
        .candidates(.bob, ["198.51.100.1", "typ srflx"]),
        .network(["alice sends Binding request", "carrier drops it"]),
        .noCandidate(.alice, ["typ relay"])),
      .init(
        "The provider's NAT lets no UDP through, in either direction",
        "The STUN server on its other side has answered both.",
        .packets(.alice, ["←", "Binding success"]), .packets(.bob, ["←", "Binding success"])),
    ], right: 3,
    fixes: [
      .init(
        "Add a TURN server",
        "It is on the Internet: what goes to the neighbor over it leaves the provider's network "
          + "and "
          + "comes back."
      ) { scene in
        scene.relay = .init()
        scene.alice.relayAccess = .udp
        scene.bob.relayAccess = .udp
      },
      .init(
        "Let both routers forward UDP port 5000",
        "The check does not get as far as the neighbor's router."
      ) { scene in
        scene.alice.forwardsPort = true
        scene.bob.forwardsPort = true
      },
      .longerPatience("The provider's NAT drops each check, whenever it comes."),
    ], helps: 1)
}
