import Calls
import NATTable

extension Drill {
  /// A mapping for each destination against a filter by port, without a relay.
  static let campus = Drill(
    "campus",
    report: "From the campus network I reach nobody at home; from my own flat the same people "
      + "answer.",
    scene: {
      var alice = Scene.Side("campus", nat: .symmetric)
      alice.nat.portAssignment = .random
      var bob = Scene.Side("home")
      bob.ownsRouter = true
      return Scene(alice: alice, bob: bob, relay: nil)
    }(),
    causes: [
      .init(
        "The firewall of the campus lets no UDP out, to no port at all",
        "The STUN server got Alice's request, and its response came back: UDP goes out and in.",
        .packets(.alice, ["←", "Binding success"])),
      .init(
        "One of the two does not reach the STUN server and gets no address",
        "Both have a server-reflexive candidate: the server has answered both.",
        .candidates(.alice, ["typ srflx"]), .candidates(.bob, ["typ srflx"])),
      .init(
        "The mapping depends on the destination, and there is no relay",
        "The campus gives Alice's checks another port than the STUN server saw. Bob's router "
          + "lets in "
          + "only the port that Bob has sent to, and no relay is there to stand in.",
        .candidates(.alice, ["typ srflx"]),
        .network(["alice sends Binding request", "campus changes the source", "home drops it"]),
        .noCandidate(.alice, ["typ relay"]), .noCandidate(.bob, ["typ relay"])),
      .init(
        "Bob's candidates do not get to Alice, so that she cannot check them",
        "Alice has heard of them, and checks them.",
        .log(.alice, ["hears of srflx"]), .packets(.alice, ["→ 198.51.100.2", "Binding request"])),
    ], right: 3,
    fixes: [
      .longerPatience(
        "Each check goes through a mapping of its own, however many there are: Bob's router knows "
          + "none of their ports."),
      .otherSTUN(
        "Another server sees another port, which is as wrong for Bob as the first one's."),
      .init(
        "Add a TURN server",
        "Both can send to the relay, and what it sends comes from where each has sent to."
      ) { $0.relay = .init() },
    ], helps: 3)
}
