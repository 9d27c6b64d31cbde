import Calls
import NATTable

extension Drill {
  /// Datagrams that are longer than the path takes.
  static let picture = Drill(
    "picture",
    report: "Calls to the cabin connect, and what we type comes through, but never a picture.",
    scene: {
      var alice = Scene.Side("home")
      var bob = Scene.Side("cabin")
      (alice.ownsRouter, bob.ownsRouter) = (true, true)
      bob.mtu = 1280
      var scene = Scene(alice: alice, bob: bob)
      scene.pictureDatagramSize = 1300
      return scene
    }(),
    causes: [
      .init(
        "The two have selected different pairs, and each sends where the other does not listen",
        "What they type goes over the same pair as the picture, and comes.",
        .packets(.bob, ["← 198.51.100.1", "Hello"]), .packets(.alice, ["← 198.51.100.2", "Hello"])),
      .init(
        "Consent has expired before the first picture is sent",
        "No consent has expired: neither app has stopped sending.",
        .noLog(.alice, ["sends no more"]), .noLog(.bob, ["sends no more"])),
      .init(
        "The datagrams of the picture are too long for the cabin's line",
        "Each is sent and none arrives. A router on the way says why: the next link takes less. "
          + "Checks "
          + "and words are short, so that ICE connects all the same.",
        .packets(.alice, ["→ 198.51.100.2", "1300 bytes"]), .noPacket(.bob, ["←", "1300 bytes"]),
        .packets(.alice, ["←", "fragmentation needed"]),
        .network(["alice sends 1300 bytes", "drops it: larger than the next link takes"])),
      .init(
        "The cabin's firewall lets STUN in, and drops all that it takes for something else",
        "What they type is no STUN, and gets in.", .packets(.bob, ["← 198.51.100.1", "Hello"])),
    ], right: 3,
    fixes: [
      .relayOverTCP(
        "The pair that is selected goes over no relay, and its path is as narrow as before."),
      .init(
        "Send no datagram above 1200 bytes",
        "They fit, as IPv6 asks each link to take 1280 bytes (RFC 8200 §5)."
      ) { $0.pictureDatagramSize = 1200 },
      .init(
        "Let the cabin's router keep mappings for longer",
        "The mapping is there: the words go through it."
      ) { $0.bob.nat.mappingTimeout = .seconds(3600) },
    ], helps: 2)
}
