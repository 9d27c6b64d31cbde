import FoundationEssentials
import NATTable
import Simulator
import TestSupport
import Testing

/// The kernel as oracle of the matrix: hole punching between two namespaces behind the kernel's own
/// NATs ends as it does between two simulated hosts behind the presets.
///
///     alice 10.0.0.2 ─ home 198.51.100.2 ─┐                     ┌─ 192.0.2.2 cabin ─ 10.0.1.2 bob
///                                         └─ street 203.0.113.9 ─┘
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(2)))
struct KernelHolePunchingTests {
  /// A NAT of the kernel's, and the preset that is to be like it.
  enum Kind: String, CaseIterable, CustomTestStringConvertible {
    case linux = "masquerade"
    case linuxRandom = "masquerade fully-random"

    var preset: NATTable.Configuration { self == .linux ? .linux : .linuxRandom }
    var testDescription: String { rawValue }
  }

  @Test(
    "Two hosts behind the kernel's NATs meet exactly where the matrix says that they do",
    .needsNetworks("nft", "python3"), arguments: Kind.allCases, Kind.allCases)
  func cell(first: Kind, second: Kind) throws {
    var scenario = HolePunching(first.preset, second.preset)
    let expected = scenario.run(isTracing: false)
    let kernel = try KernelStreet(first.rawValue, second.rawValue).punch()
    #expect(kernel.alice.hears == expected.alice.hears)
    #expect(kernel.bob.hears == expected.bob.hears)
    // Whether the other's packets come from where the server saw it, too.
    #expect(kernel.alice.isExpected == (expected.alice.peer == expected.bob.mappedAddress))
    #expect(kernel.bob.isExpected == (expected.bob.peer == expected.alice.mappedAddress))
  }
}

/// Two hosts behind a NAT of the kernel's each, and a street between them with a server on it.
private final class KernelStreet {
  private let alice: TestNetwork
  private let home: TestNetwork
  private let street: TestNetwork
  private let cabin: TestNetwork
  private let bob: TestNetwork
  private let folder: Folder

  /// What one side has got.
  struct Side {
    /// Whether a packet of the other's came.
    var hears: Bool
    /// Whether the first came from the address that the server saw the other at.
    var isExpected: Bool
  }

  init(_ first: String, _ second: String) throws {
    alice = try TestNetwork("alice")
    home = try TestNetwork("home")
    street = try TestNetwork("street")
    cabin = try TestNetwork("cabin")
    bob = try TestNetwork("bob")
    folder = try Folder()
    try TestNetwork.connect(alice, "eth0", "10.0.0.2/24", to: home, "lan", "10.0.0.1/24")
    try TestNetwork.connect(home, "wan", "198.51.100.2/24", to: street, "home", "198.51.100.1/24")
    try TestNetwork.connect(bob, "eth0", "10.0.1.2/24", to: cabin, "lan", "10.0.1.1/24")
    try TestNetwork.connect(cabin, "wan", "192.0.2.2/24", to: street, "cabin", "192.0.2.1/24")
    try alice.run("ip route add default via 10.0.0.1")
    try bob.run("ip route add default via 10.0.1.1")
    try street.run("sysctl -qw net.ipv4.ip_forward=1; ip address add 203.0.113.9/32 dev lo")
    try Self.masquerade(home, first, via: "198.51.100.1")
    try Self.masquerade(cabin, second, via: "192.0.2.1")
    try Data(Self.script.utf8).write(to: URL(filePath: folder.path + "/punch.py"))
  }

  deinit { folder.remove() }

  /// Has a namespace masquerade as a home router does, whose input chain drops.
  private static func masquerade(
    _ router: TestNetwork, _ rule: String, via gateway: String
  ) throws {
    try router.run(
      """
      set -e
      sysctl -qw net.ipv4.ip_forward=1
      ip route add default via \(gateway)
      nft add table ip nat
      nft 'add chain ip nat post { type nat hook postrouting priority 100; }'
      nft add rule ip nat post oifname wan \(rule)
      nft add table ip filter
      nft 'add chain ip filter input { type filter hook input priority 0; policy drop; }'
      """)
  }

  /// Lets both sides punch, and gives what each has got.
  func punch() throws -> (alice: Side, bob: Side) {
    let script = folder.path + "/punch.py"
    let server = try street.start("exec python3 \(script) server \(folder.path)")
    defer { server.stop() }
    try waitFor("the server") {
      (try? street.run("ss -Huln 'sport = 3478' | grep -q .")) != nil
    }
    let sides = [(alice, "alice", "bob"), (bob, "bob", "alice")]
    let programs = try sides.map { network, name, other in
      try network.start(
        "exec python3 \(script) \(name) \(folder.path) \(other)",
        output: "\(folder.path)/\(name).out")
    }
    for program in programs {
      guard program.wait() == 0 else {
        throw TestNetwork.Failure(description: try "\(text("alice.out"))\(text("bob.out"))")
      }
    }
    return (try side("alice", of: "bob"), try side("bob", of: "alice"))
  }

  private func side(_ name: String, of other: String) throws -> Side {
    let first = try text("\(name).out")
    let expected = try text("\(other).address")
    return Side(hears: first != "nobody\n", isExpected: first == expected + "\n")
  }

  private func text(_ file: String) throws -> String {
    String(
      decoding: try Data(contentsOf: URL(filePath: "\(folder.path)/\(file)")), as: UTF8.self)
  }

  /// What `HolePuncher` does, with signalling through files: five tries, 100 ms apart, to the address
  /// that the server saw the other at, and to each that a packet of the other's came from.
  private static let script = """
    import os, socket, sys, time
    name, folder = sys.argv[1:3]
    server = ("203.0.113.9", 3478)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    if name == "server":
        sock.bind(server)
        while True:
            data, source = sock.recvfrom(64)
            sock.sendto(("%s:%d" % source).encode(), source)

    def receive(until):
        sock.settimeout(max(until - time.monotonic(), 0.001))
        try:
            return sock.recvfrom(64)
        except socket.timeout:
            return None

    sock.bind(("", 5000))
    answer = None
    for _ in range(50):
        sock.sendto(b"?", server)
        answer = receive(time.monotonic() + 0.2)
        if answer: break
    with open(f"{folder}/{name}.part", "w") as file: file.write(answer[0].decode())
    os.rename(f"{folder}/{name}.part", f"{folder}/{name}.address")

    signal = f"{folder}/{sys.argv[3]}.address"
    deadline = time.monotonic() + 20
    while not os.path.exists(signal) and time.monotonic() < deadline: time.sleep(0.005)
    host, port = open(signal).read().split(":")
    peers, first = [(host, int(port))], None
    for number in range(6):
        for peer in peers if number < 5 else []: sock.sendto(b"hello", peer)
        # After the last try whatever is on its way gets half a second.
        end = time.monotonic() + (0.1 if number < 5 else 0.5)
        while time.monotonic() < end:
            packet = receive(end)
            if packet is None or packet[1] == server: continue
            first = first or packet[1]
            if packet[1] not in peers: peers.append(packet[1])
    print("%s:%d" % first if first else "nobody")
    """
}
