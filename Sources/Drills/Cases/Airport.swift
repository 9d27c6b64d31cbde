import Calls
import Simulator

extension Drill {
  /// A network that lets no UDP out, and a relay that is asked by UDP alone.
  static let airport = Drill(
    "airport",
    report: "At the airport web pages come up at once, and every call ends with 'no connection'.",
    scene: {
      var alice = Scene.Side("airport")
      alice.firewall = .webOnly
      var bob = Scene.Side("home")
      bob.ownsRouter = true
      return Scene(alice: alice, bob: bob)
    }(),
    causes: [
      .init(
        "The relay does not accept the credentials that Alice has",
        "It has not refused anything: Alice's requests have not got there.",
        .noPacket(.alice, ["error 401"]), .packets(.alice, ["→", "Allocate request"])),
      .init(
        "No UDP gets out, and nothing but UDP is tried",
        "Each request goes out again and again, and no answer comes, from no server. Web pages go "
          + "over TCP, which is not tried.",
        .packets(.alice, ["→ 203.0.113.9:3478", "Binding request"]),
        .noPacket(.alice, ["←", "success"]), .noPacket(.alice, ["TCP"]),
        .network(["alice sends", "the firewall forbids UDP"])),
      .init(
        "The airport's NAT gives each destination another port",
        "Nothing tells which ports it gives: no server has seen one. With a relay it would not "
          + "matter.",
        .noCandidate(.alice, ["typ srflx"]), .noPacket(.alice, ["←", "Binding success"])),
      .init(
        "Bob has no candidate that can be reached from the Internet",
        "Bob has two.", .candidates(.bob, ["typ srflx"]), .candidates(.bob, ["typ relay"])),
    ], right: 2,
    fixes: [
      .relayOverTCP(
        "TCP to port 443 passes for the web. Alice gets a relayed address, and Bob reaches it by "
          + "UDP."),
      .otherSTUN("Its answers would come by UDP as well."),
      .longerPatience("UDP is dropped after a minute as it is after a second."),
    ], helps: 1)
}
