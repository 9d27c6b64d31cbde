import Calls
import Simulator

extension Drill {
  /// Two who need the relay, and a relay that refuses itself as a peer.
  static let cafes = Drill(
    "cafes",
    report: "We sit in two cafés. Each of us can call people at home, and we cannot call each "
      + "other.",
    scene: {
      var alice = Scene.Side("café")
      alice.firewall = .webOnly
      alice.relayAccess = .udpAndTCP
      var bob = Scene.Side("other café")
      bob.firewall = .webOnly
      bob.relayAccess = .udpAndTCP
      var relay = Scene.Relay()
      relay.refusesItself = true
      return Scene(alice: alice, bob: bob, relay: relay)
    }(),
    causes: [
      .init(
        "The relay refuses its own address as a peer",
        "Neither café lets UDP out, so both can be reached at the relay alone, and it is the same one. "
          + "It gives no permission for a peer with its own address: 403.",
        .candidates(.alice, ["203.0.113.10", "typ relay"]),
        .candidates(.bob, ["203.0.113.10", "typ relay"]),
        .packets(.alice, ["→", "CreatePermission request", "for 203.0.113.10"]),
        .packets(.alice, ["←", "error 403"]), .noPacket(.alice, ["CreatePermission success"])),
      .init(
        "One of the two gets no address from the relay",
        "Both have one.", .packets(.alice, ["←", "Allocate success"]),
        .packets(.bob, ["←", "Allocate success"])),
      .init(
        "The relayed candidate of the one is not signaled to the other",
        "Each hears of the other's.", .log(.alice, ["hears of relay"]),
        .log(.bob, ["hears of relay"])),
      .init(
        "The cafés' networks end connections of TCP after some seconds",
        "They are there, and carry requests and responses.",
        .packets(.alice, ["TCP", "Allocate success"]), .packets(.alice, ["TCP", "error 403"])),
    ], right: 1,
    fixes: [
      .init(
        "Allow the relay's own relayed addresses as peers",
        "What the one sends to the other's relayed address never leaves the relay."
      ) { $0.relay?.refusesItself = false },
      .otherSTUN("No STUN server is reached from a café: requests go by UDP."),
      .longerPatience("What is refused is refused at once, and again."),
    ], helps: 1)
}
