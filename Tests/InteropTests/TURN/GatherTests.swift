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
    /// What the relay's own network is told besides.
    var network = ""
    var user = "--user alice:pass"
    var exitCode: Int32 = 1
    /// The step that fails, and a part of the cause that is named first.
    var step: String
    var cause: String
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

  static let cases: [Case] = [
    Case(
      testDescription: "a wrong password", coturn: users, user: "--user alice:wrong",
      step: "allocate", cause: "has another password"),
    Case(
      testDescription: "no credentials", coturn: users, user: "", step: "allocate",
      cause: "none were given"),
    Case(
      testDescription: "credentials whose time is over", coturn: secret,
      user: timed(-600, secret: RelayLaboratory.secret), step: "allocate",
      cause: "were valid until"),
    Case(
      testDescription: "credentials of another secret", coturn: secret,
      user: timed(86_400, secret: "another secret altogether"), step: "allocate",
      cause: "has another secret than the relay"),
    Case(
      testDescription: "a denied peer", coturn: users + " --denied-peer-ip=198.51.100.7",
      step: "permission", cause: "denies 198.51.100.7 as a peer"),
    Case(
      testDescription: "a firewall that closes the relayed ports", coturn: users,
      network: "nft add rule inet f input udp dport 49152-65535 iif cable drop",
      step: "outside", cause: "drops UDP to its relayed ports"),
    Case(
      testDescription: "a firewall that lets no answer of the relay out", coturn: users,
      network: "nft add rule inet f output udp sport 49152-65535 oif cable drop",
      step: "outside", cause: "lets nothing out"),
    Case(
      testDescription: "a firewall that drops all UDP", coturn: users,
      network: "nft add rule inet f input udp dport 3478 drop", exitCode: 75,
      step: "binding", cause: "drops UDP to port 3478"),
    Case(
      testDescription: "a server that is not running", coturn: nil, exitCode: 75,
      step: "binding", cause: "nothing listens for UDP at port 3478"),
    Case(
      testDescription: "a relay behind a NAT that gives its inside address out",
      coturn: users + " -E 10.77.0.1",
      network: "ip address add 10.77.0.1/32 dev lo", step: "outside",
      cause: "gives out 10.77.0.1"),
    Case(
      testDescription: "a server that only does STUN", coturn: users + " -S", step: "allocate",
      cause: "only does STUN"),
  ]

  @Test("The cause is named", .needsNetworks("turnserver", "nft"), arguments: cases)
  func causes(broken: Case) throws {
    let street = try GatherStreet(broken.coturn, broken.network)
    let result = try street.gather("turn:198.51.100.1:3478 \(broken.user)")
    #expect(result.code == broken.exitCode, "\(result.output)")
    let steps = try result.steps()
    let failed = try #require(steps.first { $0.outcome == "failed" }, "\(result.output)")
    #expect(failed.step == broken.step, "\(result.output)")
    #expect(failed.causes.first?.contains(broken.cause) == true, "\(result.output)")
  }

  @Test(
    "Of a sound relay no cause is named", .needsNetworks("turnserver", "nft"),
    arguments: [
      (users, "--user alice:pass"), (secret, timed(86_400, secret: RelayLaboratory.secret)),
    ])
  func sound(options: String, user: String) throws {
    let street = try GatherStreet(options, "")
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
  private static let serve = "serve --listen 198.51.100.1 --user alice:pass"

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

  /// A relay of ours.
  convenience init(serving arguments: String, network: String = "") throws {
    try self.init(command: "\(Program.executable) \(arguments)", network)
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
    server?.stop()
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
