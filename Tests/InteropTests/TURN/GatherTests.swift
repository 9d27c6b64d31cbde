import FoundationEssentials
import Glibc
import STUN
import SansIO
import TLS
import TURN
import TestSupport
import Testing
import TransportAddress

/// `workbook gather` before sound relays and before broken ones: the cause is named, and none where
/// nothing is wrong.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct GatherTests {
  /// A relay that is broken in one way.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// coturn's options; nil where it does not run.
    var coturn: String?
    /// The options of `workbook serve` with which it is broken in the same way; nil where it cannot be.
    var serve: String?
    /// What the relay's own network is told besides.
    var network = ""
    var uri = "turn:198.51.100.1:3478"
    var user = "--user alice:pass"
    var exitCode: Int32 = 1
    /// The step that fails, and a part of the cause that is named.
    var step: String
    var cause: String
    /// How many causes are as likely, and named before it.
    var place = 0
  }

  static let now = Int64(time(nil))

  /// A user whose time is over in so many seconds, with a password that follows from a secret. Where it
  /// is to be valid, that is for a day: a test may wait long for its turn.
  private static func timed(_ seconds: Int64, secret: String) -> String {
    let name = TimedCredentials.username("alice", validUntil: now + seconds)
    let password = (try? TimedCredentials(sharedSecret: Array(secret.utf8), epoch: now))?
      .password(of: name)
    return "--user '\(name):\(password ?? "")'"
  }

  static let users = RelayLaboratory.users
  static let secret = "--use-auth-secret --static-auth-secret='\(RelayLaboratory.secret)'"
  static let served = "--user alice:pass"
  /// `serve` in a folder with the secret, as ``GatherStreet/init(serving:network:)`` has it.
  static let servedSecret = "--secret env:TURN_SECRET"

  static let cases: [Case] = [
    Case(
      testDescription: "a wrong password", coturn: users, serve: served, user: "--user alice:wrong",
      step: "allocate", cause: "has another password"),
    Case(
      testDescription: "no credentials", coturn: users, serve: served, user: "", step: "allocate",
      cause: "none were given"),
    Case(
      testDescription: "credentials whose time is over", coturn: secret, serve: servedSecret,
      user: timed(-600, secret: RelayLaboratory.secret), step: "allocate",
      cause: "were valid until"),
    Case(
      testDescription: "credentials of another secret", coturn: secret, serve: servedSecret,
      user: timed(86_400, secret: "another secret altogether"), step: "allocate",
      cause: "has another secret than the relay"),
    Case(
      testDescription: "a denied peer", coturn: users + " --denied-peer-ip=198.51.100.7",
      serve: served + " --deny-peer 198.51.100.7",
      step: "permission", cause: "denies 198.51.100.7 as a peer"),
    Case(
      testDescription: "a firewall that closes the relayed ports", coturn: users, serve: served,
      network: "nft add rule inet f input udp dport 49152-65535 iif cable drop",
      step: "outside", cause: "drops UDP to its relayed ports"),
    Case(
      testDescription: "a firewall that lets no answer of the relay out", coturn: users,
      serve: served,
      network: "nft add rule inet f output udp sport 49152-65535 oif cable drop",
      step: "outside", cause: "lets nothing out"),
    Case(
      testDescription: "a firewall that drops all UDP", coturn: users, serve: served,
      network: "nft add rule inet f input udp dport 3478 drop", exitCode: 75,
      step: "binding", cause: "drops UDP to port 3478"),
    Case(
      testDescription: "a server that is not running", coturn: nil, exitCode: 75,
      step: "binding", cause: "nothing listens for UDP at port 3478"),
    Case(
      testDescription: "a relay behind a NAT that gives its inside address out",
      coturn: users + " -E 10.77.0.1", serve: served + " --relay-address 10.77.0.1",
      network: "ip address add 10.77.0.1/32 dev lo", step: "outside",
      cause: "gives out 10.77.0.1"),
    Case(
      testDescription: "a server that only does STUN", coturn: users + " -S", step: "allocate",
      cause: "only does STUN"),
    Case(
      testDescription: "a key that was made for another realm",
      // MD5 of alice:other.example:pass.
      coturn: "--lt-cred-mech -u alice:0x99078500eb11fa633fddbafe825fd8c8", step: "allocate",
      cause: "keys that were made for another realm", place: 1),
    Case(
      testDescription: "a name that has no address", coturn: users, serve: served,
      uri: "turn:relay.invalid", step: "resolve",
      // Its home has no name server.
      cause: "name servers cannot be reached"),
    Case(
      testDescription: "TCP at a server of UDP alone", coturn: users,
      uri: "turn:198.51.100.1:3478?transport=tcp", exitCode: 75, step: "connect",
      cause: "nothing listens for TCP at port 3478"),
    Case(
      testDescription: "another port than the server's", coturn: users, serve: served,
      uri: "turn:198.51.100.1:3479", exitCode: 75, step: "binding",
      cause: "nothing listens for UDP at port 3479"),
    Case(
      testDescription: "a service at the port that does not speak TURN", coturn: nil,
      network: """
        setsid -f python3 -m http.server --bind 198.51.100.1 3478 >/dev/null 2>&1
        until ss -Hltn | grep -q 198.51.100.1:3478; do sleep 0.05; done
        """,
      uri: "turn:198.51.100.1:3478?transport=tcp", exitCode: 75, step: "binding",
      cause: "no STUN or TURN server"),
    Case(
      testDescription: "a service of UDP at the port that does not speak TURN", coturn: nil,
      network: """
        setsid -f python3 -c '
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("198.51.100.1", 3478))
        while True: s.sendto(*s.recvfrom(2048))' >/dev/null 2>&1
        until ss -Hlun | grep -q 198.51.100.1:3478; do sleep 0.05; done
        """,
      step: "binding", cause: "is no STUN or TURN server: another service"),
    Case(
      testDescription: "a server that sends on to one that is not there", coturn: nil,
      serve: served + " --alternate-server 198.51.100.1:3999", step: "allocate",
      cause: "sends on to 198.51.100.1:3999"),
    Case(
      testDescription: "an address of a network that the server relays nothing of",
      coturn: users + " --denied-peer-ip=198.51.100.0-198.51.100.255",
      serve: served + " --deny-peer 198.51.100.0/24", step: "permission",
      cause: "denies 198.51.100."),
  ]

  static let servedCases = cases.filter { $0.serve != nil }

  /// Those at coturn, and those where neither runs.
  static let otherCases = cases.filter { $0.coturn != nil || $0.serve == nil }

  @Test("The cause is named", .needsNetworks("turnserver", "nft"), arguments: otherCases)
  func causes(broken: Case) throws {
    try expect(broken, at: GatherStreet(broken.coturn, broken.network))
  }

  @Test(
    "The cause is named before workbook serve, too", .needsNetworks("nft"), arguments: servedCases)
  func causesOfServe(broken: Case) throws {
    try expect(
      broken, at: GatherStreet(serving: broken.serve ?? "", network: broken.network))
  }

  private func expect(_ broken: Case, at street: GatherStreet) throws {
    let result = try street.gather("'\(broken.uri)' \(broken.user)")
    #expect(result.code == broken.exitCode, "\(result.output)")
    let steps = try result.steps()
    let failed = try #require(steps.first { $0.outcome == "failed" }, "\(result.output)")
    #expect(failed.step == broken.step, "\(result.output)")
    try #require(failed.causes.count > broken.place, "\(result.output)")
    #expect(failed.causes[broken.place].contains(broken.cause), "\(result.output)")
  }

  @Test("There are twelve ways and more in which each of the two is broken")
  func ways() {
    // Those over TLS, the quota and the range of ports are in suites of their own.
    #expect(Self.cases.count { $0.coturn != nil } >= 12)
    #expect(Self.servedCases.count >= 12)
  }

  @Test(
    "Of a sound relay no cause is named", .needsNetworks("turnserver", "nft"),
    arguments: [
      (users, "--user alice:pass"), (secret, timed(86_400, secret: RelayLaboratory.secret)),
    ])
  func sound(options: String, user: String) throws {
    try expectSound(GatherStreet(options, ""), user)
  }

  @Test(
    "Of a sound workbook serve no cause is named", .needsNetworks(),
    arguments: [
      (served, "--user alice:pass"),
      (servedSecret, timed(86_400, secret: RelayLaboratory.secret)),
    ])
  func soundServe(options: String, user: String) throws {
    try expectSound(GatherStreet(serving: options), user)
  }

  private func expectSound(_ street: GatherStreet, _ user: String) throws {
    let result = try street.gather("turn:198.51.100.1:3478 \(user)")
    #expect(result.code == 0, "\(result.output)")
    let steps = try result.steps()
    #expect(
      steps.map(\.step)
        == ["binding", "allocate", "permission", "outside", "relay", "release"])
    #expect(steps.allSatisfy { $0.outcome == "passed" && $0.causes.isEmpty }, "\(result.output)")
    let schema = try JSONSchema.documented()
    #expect(schema.problems(of: try JSONValue(result.output), in: "gather") == [])
  }
}

/// `workbook discover` and the limits of `workbook serve`, from the outside.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(3))) struct ServeFromOutsideTests {
  private static let serve = "--user alice:pass"

  @Test("A quota that is used up is named, and so is a range without a free port", .needsNetworks())
  func quota() throws {
    for (options, cause) in [
      ("--allocations-per-user 1", "as many allocations as the server gives"),
      ("--port-range 50000-50000", "no relayed port left"),
    ] {
      let street = try GatherStreet(serving: "\(Self.serve) \(options)")
      try street.relay.inside {
        var user = try RelayUser(from: "127.0.0.1:0")
        _ = try user.allocate()
        let result = try street.gather("turn:198.51.100.1:3478 --user alice:pass")
        #expect(result.code == 1)
        let failed = try #require(
          try result.steps().first { $0.outcome == "failed" }, "\(result.output)")
        #expect(failed.step == "allocate")
        #expect(failed.causes.first?.contains(cause) == true, "\(result.output)")
      }
    }
  }

  @Test(
    "Discovery with a server of two addresses sees a firewall's filtering, and is documented",
    .needsNetworks("nft"),
    arguments: [
      ("", "endpoint-independent"),
      (
        "nft add rule inet f input ct state established accept && nft add rule inet f input drop",
        "address and port-dependent"
      ),
    ])
  func discovery(firewall: String, filtering: String) throws {
    let street = try GatherStreet(
      serving: "\(Self.serve) --alternate 198.51.100.2:3479",
      network: "ip address add 198.51.100.2/24 dev cable")
    try street.home.run(
      """
      nft add table inet f
      nft 'add chain inet f input { type filter hook input priority 0; }'
      \(firewall)
      """)
    let result = try street.workbook("discover --json stun:198.51.100.1")
    #expect(result.code == 0, "\(result.output)")
    let found = try JSONValue(result.output)
    #expect(try JSONSchema.documented().problems(of: found, in: "discover") == [])
    #expect(found["mapping"] == .string("endpoint-independent"))
    #expect(found["filtering"] == .string(filtering))
    #expect(found["hasNAT"] == .boolean(false))
  }

  @Test("A server with one address cannot tell, which is exit code 1", .needsNetworks())
  func oneAddress() throws {
    let street = try GatherStreet(serving: Self.serve)
    let result = try street.workbook("discover stun:198.51.100.1")
    #expect(result.code == 1)
    #expect(result.output.contains("no second address"))
  }

  @Test(
    "A server that does not answer is exit code 75, and gather is named, which finds the cause",
    .needsNetworks("nft"), arguments: ["3479", "3478"])
  func silent(port: String) throws {
    let street = try GatherStreet(
      serving: Self.serve, network: "nft add rule inet f input udp dport 3478 drop")
    let result = try street.workbook("discover stun:198.51.100.1:\(port)")
    #expect(result.code == 75)
    #expect(result.output.contains("'workbook gather stun:198.51.100.1:\(port)' tries it"))
  }
}

/// A relay and a home, each in a network of its own, with a cable between them.
final class GatherStreet {
  let relay: TestNetwork
  let home: TestNetwork
  let folder: Folder
  private var server: BackgroundProgram?

  /// A relay of coturn's; nil where it does not run.
  convenience init(_ coturn: String?, _ network: String) throws {
    try self.init(
      command: coturn.map {
        """
        turnserver -n -L 198.51.100.1 -r example.org --no-tls --no-dtls --no-tcp --no-cli \\
          --log-file stdout --pidfile turn.pid --userdb turn.db \($0)
        """
      }, network)
  }

  /// A relay of ours with these options.
  convenience init(serving options: String, network: String = "") throws {
    try self.init(
      command: """
        env TURN_SECRET='\(RelayLaboratory.secret)' \(Program.executable) serve \
          --listen 198.51.100.1 \(options)
        """, network)
  }

  /// - Parameters:
  ///   - command: what starts the relay; nil for none.
  ///   - network: what the relay's own network is told.
  ///   - identity: a certificate and its key, as `cert.pem` and `key.pem` in the relay's folder.
  ///   - streamPorts: the ports of TCP that it will listen at.
  init(
    command: String?, _ network: String, identity: TLSIdentity? = nil, streamPorts: [Int] = []
  ) throws {
    relay = try TestNetwork("relay")
    home = try TestNetwork("home")
    folder = try Folder()
    try TestNetwork.connect(
      relay, "cable", "198.51.100.1/24", to: home, "cable", "198.51.100.7/24")
    try relay.run(
      """
      set -e
      nft add table inet f
      nft 'add chain inet f input { type filter hook input priority 0; }'
      nft 'add chain inet f output { type filter hook output priority 0; }'
      \(network)
      """)
    if let identity { try folder.write(identity) }
    guard let command else { return }
    server = try relay.start("cd \(folder.path) && exec \(command)", output: folder.path + "/log")
    try waitFor("the relay") {
      let datagrams = try relay.run("ss -Hlun")
      let streams = streamPorts.isEmpty ? "" : try relay.run("ss -Hltn")
      return datagrams.contains("198.51.100.1:3478")
        && streamPorts.allSatisfy { streams.contains("198.51.100.1:\($0) ") }
    }
  }

  deinit {
    server?.stop(SIGINT)
    folder.remove()
  }

  /// How `gather` ended and what it printed.
  struct Result {
    var code: Int32
    var output: String

    struct Step {
      var step: String
      var outcome: String
      var causes: [String]
    }

    /// The steps of the first server.
    func steps() throws -> [Step] {
      guard case .list(let servers)? = try JSONValue(output)["servers"],
        case .list(let steps)? = servers.first?["steps"]
      else { return [] }
      return steps.map { step in
        var causes: [String] = []
        if case .list(let list)? = step["causes"] {
          causes = list.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }
        func text(_ key: String) -> String {
          if case .string(let text)? = step[key] { text } else { "" }
        }
        return Step(step: text("step"), outcome: text("outcome"), causes: causes)
      }
    }
  }

  func gather(_ arguments: String) throws -> Result {
    try workbook("gather --json \(arguments)")
  }

  /// Runs the program at home.
  func workbook(_ arguments: String) throws -> Result {
    let program = try home.start(
      "exec \(Program.executable) \(arguments)", output: folder.path + "/output")
    let code = program.wait()
    return Result(
      code: code, output: try String(contentsOfFile: folder.path + "/output", encoding: .utf8))
  }
}
