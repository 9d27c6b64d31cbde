import Calls
import NATTable

extension Drill {
  /// A relay that does not know the password.
  static let monday = Drill(
    "monday",
    report: "Since Monday the office cannot call the branch. Nobody has touched the routers.",
    scene: {
      var alice = Scene.Side("office", nat: .symmetric)
      var bob = Scene.Side("branch", nat: .symmetric)
      alice.nat.portAssignment = .random
      bob.nat.portAssignment = .random
      (alice.ownsRouter, bob.ownsRouter) = (true, true)
      alice.password = "the password until Sunday"
      bob.password = "the password until Sunday"
      return Scene(alice: alice, bob: bob)
    }(),
    causes: [
      .init(
        "The relay does not accept the password of the app",
        "The first 401 is the challenge, which everyone gets. Then the request comes with the "
          + "user's hash "
          + "and message integrity, and gets 401 again: the keys differ. Nobody has an allocation.",
        .packets(.alice, ["→", "Allocate request with USERHASH"]),
        .packets(.alice, ["←", "Allocate error 401"]), .noPacket(.alice, ["Allocate success"]),
        .noCandidate(.alice, ["typ relay"])),
      .init(
        "The user has as many allocations as the relay allows",
        "That is 486, and the relay has never said it.", .noPacket(.alice, ["error 486"]),
        .packets(.alice, ["←", "Allocate error 401"])),
      .init(
        "The relay is not reached by UDP, from neither of the two",
        "The relay answers both.", .packets(.alice, ["← 203.0.113.10:3478", "Allocate error"]),
        .packets(.bob, ["← 203.0.113.10:3478", "Allocate error"])),
      .init(
        "The nonce is stale, and the app does not take up the new one",
        "That is 438, and the relay has never said it.", .noPacket(.alice, ["error 438"]),
        .packets(.alice, ["←", "Allocate error 401"])),
    ], right: 1,
    fixes: [
      .relayOverTCP("The relay checks the same password, whatever the request comes by."),
      .init(
        "Give the app the password that the relay has",
        "The relay verifies the request with the key that it was made with, and allocates."
      ) { scene in
        scene.alice.password = nil
        scene.bob.password = nil
      },
      .longerPatience("A request that is refused is not accepted later: no check has begun yet."),
    ], helps: 2)
}
