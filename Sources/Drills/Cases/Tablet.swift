import Calls

extension Drill {
  /// Candidates of the callee that are never signaled to the caller.
  static let tablet = Drill(
    "tablet",
    report: "Calls to the new tablet app ring and are answered, and then there is silence.",
    scene: {
      var alice = Scene.Side("home")
      var bob = Scene.Side("cabin")
      (alice.ownsRouter, bob.ownsRouter) = (true, true)
      var scene = Scene(alice: alice, bob: bob)
      scene.signaling = .losesAnsweredCandidates
      return scene
    }(),
    causes: [
      .init(
        "Both NATs map by destination, and the relay gives no address",
        "Both have a relayed candidate, which works behind any NAT.",
        .candidates(.alice, ["typ relay"]), .candidates(.bob, ["typ relay"])),
      .init(
        "Bob's router drops all of Alice's checks, as it filters by port",
        "It has none to drop: Alice has not sent a single check.",
        .noPacket(.alice, ["→ 198.51.100.2"]), .noPacket(.alice, ["→ 203.0.113.10:49"])),
      .init(
        "The agents have wrong passwords of each other: checks get 401",
        "There is no 401 among them, as no check of Bob's has arrived at all.",
        .noPacket(.alice, ["Binding error 401"]), .noPacket(.alice, ["←", "Binding request"])),
      .init(
        "Bob's candidates do not get to Alice",
        "Bob signals three, Alice hears of none and then of their end. So she checks nothing, "
          + "and her "
          + "NAT and her relay let none of Bob's checks in.",
        .log(.bob, ["signals srflx"]), .noLog(.alice, ["hears of srflx"]),
        .noLog(.alice, ["hears of host"]), .log(.alice, ["hears of end of candidates"])),
    ], right: 4,
    fixes: [
      .relayOverTCP("Both have a relay already: its candidate is lost like the others."),
      .longerPatience("A candidate that is lost does not come later."),
      .init(
        "Let the signaling pass every candidate on",
        "Alice hears of Bob's candidates and checks them: both NATs have been sent through then."
      ) { $0.signaling = .faithful },
    ], helps: 3)
}
