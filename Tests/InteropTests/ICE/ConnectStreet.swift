import FoundationEssentials
import Glibc
import TLS
import TestSupport

/// Two hosts at a street with a STUN and TURN server on it, each of them behind a NAT of the kernel's,
/// behind one of `nat --tun`, or directly at the street.
///
///     alice 10.0.0.2 ─ home 198.51.100.2 ─┐                     ┌─ 192.0.2.2 cabin ─ 10.0.1.2 bob
///                                         └─ street 203.0.113.9 ─┘
final class ConnectStreet {
  static let server = "203.0.113.9:3478"

  let alice: TestNetwork
  let bob: TestNetwork
  let street: TestNetwork
  let folder: Folder
  private var routers: [TestNetwork] = []
  private var nats: [BackgroundProgram] = []
  private var relay: BackgroundProgram?

  /// What stands between a host and the street.
  enum Router: Sendable, CustomStringConvertible {
    case none
    /// The kernel, with this rule.
    case kernel(String)
    /// A NAT of ours, with these options.
    case tun(String)

    var description: String {
      switch self {
      case .none: "no router"
      case .kernel(let rule): "the kernel's \(rule)"
      case .tun(let options): "nat --tun \(options)"
      }
    }
  }

  /// A street with its two hosts; on one link, Alice at 192.0.2.1 and Bob at 192.0.2.2, they do without it.
  init(_ first: Router = .none, _ second: Router = .none, onOneLink: Bool = false) throws {
    alice = try TestNetwork("alice")
    bob = try TestNetwork("bob")
    street = try TestNetwork("street")
    folder = try Folder()
    if onOneLink {
      try TestNetwork.connect(alice, "eth0", "192.0.2.1/24", to: bob, "eth0", "192.0.2.2/24")
      // A default route, as hosts have one.
      try alice.run("ip route add default via 192.0.2.2")
      try bob.run("ip route add default via 192.0.2.1")
      return
    }
    try street.run("sysctl -qw net.ipv4.ip_forward=1; ip address add 203.0.113.9/32 dev lo")
    try connect(alice, first, "198.51.100", inside: "10.0.0", port: "home")
    try connect(bob, second, "192.0.2", inside: "10.0.1", port: "cabin")
  }

  deinit {
    for nat in nats { nat.stop() }
    relay?.stop(SIGINT)
    folder.remove()
  }

  private func connect(
    _ host: TestNetwork, _ router: Router, _ outside: String, inside: String, port: String
  ) throws {
    switch router {
    case .none:
      try TestNetwork.connect(
        host, "eth0", "\(outside).2/24", to: street, port, "\(outside).1/24")
      try host.run("ip route add default via \(outside).1")
    case .kernel(let rule):
      try masquerade(host, rule, outside, inside: inside, port: port)
    case .tun(let options):
      try street.run(
        """
        set -e
        ip tuntap add \(port) mode tun
        ip link set \(port) up
        ip route add \(outside).2 dev \(port)
        """)
      let log = "\(folder.path)/\(port).log"
      nats.append(
        try BackgroundProgram(
          [Program.executable, "nat", "--tun", "--json", "--external", "\(outside).2"]
            + ["--inside", "\(host.name)/tun0", "--outside", "\(street.name)/\(port)"]
            + options.split(separator: " ").map(String.init), output: log))
      try waitFor("the NAT") {
        (try? String(contentsOfFile: log, encoding: .utf8))?.contains("\"ready\"") == true
      }
    }
  }

  /// Puts a host behind a router that masquerades, and whose input chain drops.
  private func masquerade(
    _ host: TestNetwork, _ rule: String, _ outside: String, inside: String, port: String
  ) throws {
    let router = try TestNetwork(port)
    routers.append(router)
    try TestNetwork.connect(host, "eth0", "\(inside).2/24", to: router, "lan", "\(inside).1/24")
    try TestNetwork.connect(router, "wan", "\(outside).2/24", to: street, port, "\(outside).1/24")
    try host.run("ip route add default via \(inside).1")
    try router.run(
      """
      set -e
      sysctl -qw net.ipv4.ip_forward=1
      ip route add default via \(outside).1
      nft add table ip nat
      nft 'add chain ip nat post { type nat hook postrouting priority 100; }'
      nft add rule ip nat post oifname wan \(rule)
      nft add table ip filter
      nft 'add chain ip filter input { type filter hook input priority 0; policy drop; }'
      """)
  }

  /// The servers that a test can have on the street.
  enum Server: String, CaseIterable, Sendable {
    case serve
    case coturn
  }

  /// Starts a server at the street, over UDP and TCP; with a certificate also over TLS. Ours has signaling
  /// besides, if that is wanted.
  func start(
    _ server: Server, _ identity: TLSIdentity? = nil, withSignaling: Bool = false
  ) throws {
    if let identity { try folder.write(identity) }
    let command =
      switch server {
      case .serve:
        "\(Program.executable) serve --listen 203.0.113.9 --user alice:pass"
          + (withSignaling ? " --signal" : "")
          + (identity == nil ? "" : " --cert cert.pem --key key.pem")
      case .coturn:
        """
        turnserver -n -L 203.0.113.9 -r example.org --no-dtls --no-cli --lt-cred-mech \
        -u alice:pass --log-file stdout --pidfile turn.pid --userdb turn.db \
        \(identity == nil ? "--no-tls --no-tcp" : "--cert cert.pem --pkey key.pem")
        """
      }
    relay = try street.start("cd \(folder.path) && exec \(command)", output: folder.path + "/relay")
    try waitFor("the relay") {
      guard try street.run("ss -Hlun").contains(Self.server) else { return false }
      let streams = try street.run("ss -Hltn")
      return (identity == nil || streams.contains("203.0.113.9:5349 "))
        && (!withSignaling || streams.contains("203.0.113.9:8080 "))
    }
  }

  /// Has packets to addresses that are not here lost without a word, as on the internet.
  ///
  /// Without a route, sending to a peer's private address fails, and coturn ends the allocation for it.
  func loseOtherPackets() throws {
    try street.run(
      """
      set -e
      ip link add elsewhere type veth peer name nowhere
      ip link set elsewhere arp off up
      ip link set nowhere up
      ip route add default dev elsewhere
      """)
  }

  /// Drops what fits one of these rules at the street, to the server and between the hosts.
  func drop(_ rules: String...) throws {
    var commands = ["nft add table inet street"]
    for hook in ["input", "forward"] {
      commands.append(
        "nft 'add chain inet street \(hook) { type filter hook \(hook) priority 0; }'")
      commands += rules.map { "nft add rule inet street \(hook) \($0) drop" }
    }
    try street.run((["set -e"] + commands).joined(separator: "\n"))
  }

  /// Starts `workbook connect` at a host, with these words on its standard input.
  ///
  /// - Parameter way: how the descriptions get across.
  func connect(
    _ network: TestNetwork, _ name: String, _ arguments: String, by way: String = "--folder .",
    saying words: String
  ) throws -> BackgroundProgram {
    try network.start(
      """
      cd \(folder.path)
      printf '%s\\n' '\(words)' | \(Program.executable) connect \(arguments) \(way) \
        >\(name).out 2>\(name).err
      """)
  }

  /// Starts it with a standard input, `NAME.in`, that stays open as a terminal's does.
  func open(
    _ network: TestNetwork, _ name: String, _ arguments: String
  ) throws -> BackgroundProgram {
    let path = "\(folder.path)/\(name).in"
    guard mkfifo(path, 0o600) == 0 else { throw TestNetwork.Failure(description: "no fifo") }
    return try network.start(
      """
      cd \(folder.path)
      exec \(Program.executable) connect \(arguments) <>\(name).in >\(name).out 2>\(name).err
      """)
  }

  func text(_ file: String) -> String {
    (try? String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8)) ?? ""
  }

  /// All that the programs have printed, for a failure's comment.
  var log: String {
    ["alice.out", "alice.err", "bob.out", "bob.err", "relay"]
      .map { "--- \($0)\n\(text($0))" }.joined(separator: "\n")
  }
}
