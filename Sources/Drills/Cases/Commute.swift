import Calls
import NATTable

extension Drill {
  /// A restart whose offer is lost.
  static let commute = Drill(
    "commute",
    report: "When I leave the house in a call, the picture freezes for good, though my phone is "
      + "in the "
      + "cell's network at once.",
    scene: {
      var alice = Scene.Side("home")
      var bob = Scene.Side("cabin")
      (alice.ownsRouter, bob.ownsRouter) = (true, true)
      var scene = Scene(alice: alice, bob: bob)
      scene.hasMove = true
      scene.signaling = .losesLaterOffers
      return scene
    }(),
    causes: [
      .init(
        "The cell's NAT drops the checks that Alice sends to Bob",
        "She sends him none from there: to check, she needs his answer.",
        .packets(.alice, ["10.0.2.2:5001 → 203.0.113.9:3478"]),
        .noPacket(.alice, ["10.0.2.2:5001 → 198.51.100.2"])),
      .init(
        "Bob's app gives the call up after the first consent check that is lost",
        "It sends one after the other for half a minute, and gives up then (RFC 7675 §5.1).",
        .packets(.bob, ["→ 198.51.100.1", "Binding request"]), .log(.bob, ["sends no more"])),
      .init(
        "Alice gets no address in the cell's network from the servers",
        "She has all three kinds of candidate there, a relayed one among them.",
        .log(.alice, ["signals relay"]), .candidates(.alice, ["typ srflx", "10.0.2.2"])),
      .init(
        "Bob does not hear that the call is restarted",
        "Alice signals another offer when her address has changed. Bob knows of the first one "
          + "alone, "
          + "and sends to her old address until consent expires.",
        .log(.alice, ["signals offer 1"]), .noLog(.bob, ["hears of offer 1"]),
        .log(.bob, ["sends no more"])),
    ], right: 4,
    fixes: [
      .init(
        "Let the signaling pass offers on during a call",
        "Bob answers the second offer, and both check the new candidates (RFC 8445 §9)."
      ) { $0.signaling = .faithful },
      .relayOverTCP(
        "The old relay's address belongs to the old network; of the new one Bob knows none."),
      .init(
        "Set Alice's router to keep UDP mappings for an hour",
        "Alice is not behind that router any more."
      ) { $0.alice.nat.mappingTimeout = .seconds(3600) },
    ], helps: 1)
}
