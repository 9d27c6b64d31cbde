import Calls
import NATTable

extension Drill {
  /// A mapping that is gone before the call is answered.
  static let grandmother = Drill(
    "grandmother",
    report: "Grandmother needs half a minute to answer, and then we do not hear each other. "
      + "Whoever "
      + "answers at once, I hear.",
    scene: {
      var alice = Scene.Side("home")
      alice.ownsRouter = true
      alice.nat.portAssignment = .random
      alice.nat.mappingTimeout = .seconds(10)
      alice.relayAccess = .none
      var bob = Scene.Side("cottage")
      bob.hearingDelay = .seconds(30)
      bob.relayAccess = .none
      return Scene(alice: alice, bob: bob, relay: nil)
    }(),
    causes: [
      .init(
        "The mapping that Alice has signaled is gone",
        "Alice's router forgets a mapping that nothing uses after ten seconds, and the keepalives "
          + "come every fifteen. What is sent then leaves from another port than her candidate has.",
        .candidates(.alice, ["typ srflx"]),
        .network(["home forgets the mapping", "10.0.0.2:5000"]),
        .network(["bob sends Binding request", "home drops it"])),
      .init(
        "Grandmother's router lets nothing in, as nothing was sent to Alice",
        "Her app has sent to the address that Alice has signaled, and goes on with it.",
        .packets(.bob, ["→ 198.51.100.1", "Binding request"])),
      .init(
        "The offer is lost, as the device is not awake to take it",
        "The offer comes, and grandmother's app answers it.",
        .log(.bob, ["hears of offer 0"]), .log(.bob, ["signals answer 0"])),
      .init(
        "ICE gives up on Alice's side while it still rings",
        "It begins when the answer has come, and fails more than half a minute after that.",
        .log(.alice, ["hears of answer 0"]), .log(.alice, ["ICE has failed"])),
    ], right: 1,
    fixes: [
      .longerPatience(
        "Both go on sending to ports at which nobody is let in: Alice's candidate does not come "
          + "back."),
      .otherSTUN("It is asked when the call begins, as the first one is: half a minute too early."),
      .init(
        "Let Alice's router keep mappings for longer",
        "The mapping is still there when grandmother answers (RFC 4787 REQ-5)."
      ) { $0.alice.nat.mappingTimeout = .seconds(300) },
    ], helps: 3)
}
