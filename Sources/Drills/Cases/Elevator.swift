import Calls

extension Drill {
  /// A restart that is answered with the credentials of the generation before.
  static let elevator = Drill(
    "elevator",
    report: "In the elevator my phone changes from Wi-Fi to the cell. It says 'reconnecting' "
      + "then, until "
      + "I hang up.",
    scene: {
      var alice = Scene.Side("office")
      var bob = Scene.Side("cabin")
      (alice.ownsRouter, bob.ownsRouter) = (true, true)
      var scene = Scene(alice: alice, bob: bob)
      scene.hasMove = true
      scene.signaling = .repeatsFirstAnswer
      return scene
    }(),
    causes: [
      .init(
        "The offer of the restart never comes to Bob",
        "It comes, and he answers it.",
        .log(.bob, ["hears of offer 1"]), .log(.bob, ["signals answer 1"])),
      .init(
        "Alice gets Bob's old user name fragment again",
        "Bob has new credentials since the restart, and checks with them. The answer that comes to "
          + "Alice has the old ones: she takes none of his new candidates, and sends no check.",
        .alteredDescription(of: .bob), .packets(.bob, ["→ 198.51.100.3", "Binding request"]),
        .noPacket(.alice, ["10.0.2.2:5001 → 198.51.100.2", "Binding request"])),
      .init(
        "Bob goes on sending to the address that Alice had in the office",
        "His new checks go to her address in the cell's network.",
        .packets(.bob, [":5001 → 198.51.100.3", "Binding request"])),
      .init(
        "Both agents take themselves for the controlled one since then",
        "That is 487, or nobody would check: there is none, and Bob checks.",
        .noPacket(.alice, ["error 487"]), .noPacket(.bob, ["error 487"]),
        .packets(.bob, [":5001 →", "Binding request"])),
    ], right: 2,
    fixes: [
      .init(
        "Signal the candidates in offer and answer, not one by one",
        "The answer is still the old one, and the candidates in it are of another generation."
      ) { $0.tricklesCandidates = false },
      .otherSTUN("Alice has her address in the cell's network already, and Bob checks it."),
      .init(
        "Let the signaling keep no answer of an earlier offer",
        "Alice hears of Bob's new credentials, and her checks are for the agent that he has now."
      ) { $0.signaling = .faithful },
    ], helps: 3)
}
