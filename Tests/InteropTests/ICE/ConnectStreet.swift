import FoundationEssentials
import Glibc
import TestSupport

/// Two hosts at a street with a STUN and TURN server on it, each of them behind a NAT of the kernel's
/// or directly at the street.
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
  private var relay: BackgroundProgram?

  /// A street whose hosts are behind routers that masquerade by these rules; nil for no router.
  init(_ first: String? = nil, _ second: String? = nil) throws {
    alice = try TestNetwork("alice")
    bob = try TestNetwork("bob")
    street = try TestNetwork("street")
    folder = try Folder()
    try street.run("sysctl -qw net.ipv4.ip_forward=1; ip address add 203.0.113.9/32 dev lo")
    try connect(alice, first, "198.51.100", inside: "10.0.0", port: "home")
    try connect(bob, second, "192.0.2", inside: "10.0.1", port: "cabin")
  }

  deinit {
    relay?.stop()
    folder.remove()
  }

  private func connect(
    _ host: TestNetwork, _ rule: String?, _ outside: String, inside: String, port: String
  ) throws {
    guard let rule else {
      try TestNetwork.connect(
        host, "eth0", "\(outside).2/24", to: street, port, "\(outside).1/24")
      try host.run("ip route add default via \(outside).1")
      return
    }
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

  func start(_ server: Server) throws {
    let command =
      switch server {
      case .serve: "\(Program.executable) serve --listen 203.0.113.9 --user alice:pass"
      case .coturn:
        """
        turnserver -n -L 203.0.113.9 -r example.org --no-tls --no-dtls --no-tcp --no-cli \
        --lt-cred-mech -u alice:pass --log-file stdout --pidfile turn.pid --userdb turn.db
        """
      }
    relay = try street.start("cd \(folder.path) && exec \(command)", output: folder.path + "/relay")
    try waitFor("the relay") { try street.run("ss -Hlun").contains(Self.server) }
  }

  /// Starts `workbook connect` at a host, with these words on its standard input.
  func connect(
    _ network: TestNetwork, _ name: String, _ arguments: String, saying words: String
  ) throws -> BackgroundProgram {
    try network.start(
      """
      cd \(folder.path)
      printf '%s\\n' '\(words)' | \(Program.executable) connect \(arguments) --folder . \
        >\(name).out 2>\(name).err
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
