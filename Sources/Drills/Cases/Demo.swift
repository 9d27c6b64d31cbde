import Calls

extension Drill {
  /// An app that asks no server.
  static let demo = Drill(
    "demo",
    report: "In our demo room every call connects at once; with a customer not one has connected.",
    scene: {
      var alice = Scene.Side("company")
      var bob = Scene.Side("customer")
      alice.ownsRouter = true
      (alice.asksSTUN, bob.asksSTUN) = (false, false)
      (alice.relayAccess, bob.relayAccess) = (.none, .none)
      return Scene(alice: alice, bob: bob, relay: nil)
    }(),
    causes: [
      .init(
        "Both NATs give each destination another port",
        "The checks have not come as far as a mapping that could matter: there is no candidate "
          + "with an "
          + "address of either NAT.",
        .noCandidate(.alice, ["typ srflx"]), .noCandidate(.bob, ["typ srflx"])),
      .init(
        "There are host candidates and no others",
        "The demo room is one network, where private addresses are enough. Here each checks an "
          + "address "
          + "that only the other's own network knows. No server was asked for another.",
        .candidates(.alice, ["typ host"]), .noCandidate(.alice, ["typ srflx"]),
        .noPacket(.alice, ["→ 203.0.113"]),
        .network(["alice sends Binding request", "the Internet has no route"])),
      .init(
        "A firewall on the way lets no UDP pass",
        "No packet has gone to an address that a firewall on the way could see: they are for "
          + "private "
          + "ones.",
        .packets(.alice, ["→ 10.0.1.2", "Binding request"]),
        .packets(.bob, ["→ 10.0.0.2", "Binding request"])),
      .init(
        "Bob's candidates come when ICE has failed already",
        "They come with his answer, and Alice checks them at once.",
        .log(.alice, ["hears of host"]), .log(.alice, ["ICE has failed"])),
    ], right: 2,
    fixes: [
      .init(
        "Let both routers forward UDP port 5000",
        "The doors are open, and neither app says at which address they are."
      ) { scene in
        scene.alice.forwardsPort = true
        scene.bob.forwardsPort = true
      },
      .init(
        "Let both ask a STUN server",
        "Each learns its address on the Internet and signals it, and both NATs map by no "
          + "destination."
      ) { scene in
        scene.alice.asksSTUN = true
        scene.bob.asksSTUN = true
      },
      .init(
        "Signal the candidates in offer and answer, not one by one",
        "They were not late: they are the wrong ones."
      ) { $0.tricklesCandidates = false },
    ], helps: 2)
}
