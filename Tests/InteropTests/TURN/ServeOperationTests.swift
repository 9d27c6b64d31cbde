import FoundationEssentials
import Glibc
import Relay
import STUN
import STUNCodec
import SansIO
import TLS
import TURN
import TestSupport
import Testing
import TransportAddress

/// `workbook serve` in operation: its file, what signals have it do, its metrics.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(3))) struct ServeOperationTests {
  /// Writes the relay's file.
  private func configure(_ laboratory: RelayLaboratory, _ lines: String) throws {
    try Data(lines.utf8).write(to: URL(filePath: laboratory.folder.path + "/turn.conf"))
  }

  /// A relay with this file, and with this certificate.
  private func laboratory(
    _ lines: String, _ arguments: String = "", identity: TLSIdentity? = nil
  ) throws -> RelayLaboratory {
    let laboratory = try RelayLaboratory(nil, identity: identity)
    try configure(laboratory, lines)
    try laboratory.start(
      "\(Program.executable) serve --config turn.conf \(arguments)",
      streamPorts: identity == nil ? [3478] : [3478, 5349])
    return laboratory
  }

  /// Sends SIGHUP, and waits for so many lines that tell what came of it.
  private func reload(_ laboratory: RelayLaboratory, _ count: Int = 1) throws -> String {
    laboratory.signal(SIGHUP)
    var lines: [Substring] = []
    try waitFor("the reload", seconds: 10) {
      lines = try laboratory.output.split(separator: "\n").filter {
        $0.hasPrefix("reloaded") || $0.hasPrefix("not reloaded")
      }
      return lines.count == count
    }
    return String(lines.last ?? "")
  }

  @Test(
    "SIGHUP renews the certificate under a connection that lives on, and a bad one is refused",
    .needsNetworks("python3"))
  func certificate() throws {
    let identities = try (1...2).map { _ in try TLSIdentity(selfSignedFor: ["198.51.100.1"]) }
    let laboratory = try laboratory(
      "listen 198.51.100.1\ncert cert.pem\nkey key.pem\nuser alice:pass", identity: identities[0])
    /// The certificate that a TLS client from elsewhere is shown.
    func shown() throws -> String {
      try laboratory.network.run(
        "python3 -c 'import ssl; print(ssl.get_server_certificate((\"198.51.100.1\", 5349)))'"
      ).filter { !$0.isWhitespace }
    }
    let chains = identities.map { $0.chain.filter { !$0.isWhitespace } }
    #expect(try shown() == chains[0])
    let context = try TLSContext(clientTrusting: identities[0].chain)
    try laboratory.network.inside {
      var user = try RelayUser(
        server: "198.51.100.1:5349", over: .tls(context, name: "198.51.100.1"))
      let relayed = try user.allocate()
      #expect(try user.around([1], relayed) == [1])

      try laboratory.folder.write(identities[1])
      #expect(try reload(laboratory).contains("SHA-256"))
      #expect(try shown() == chains[1])
      #expect(try user.around([2], relayed) == [2])

      // A key that is another certificate's: nothing changes, and the reason is one line.
      try Data(identities[0].key.utf8).write(to: URL(filePath: laboratory.folder.path + "/key.pem"))
      #expect(
        try reload(laboratory, 2)
          == "not reloaded --key: the key is not that of the first certificate: all stays as it was"
      )
      #expect(try shown() == chains[1])
      #expect(try user.around([3], relayed) == [3])
      user.socket.release()
      #expect(try user.end() == .released)
    }
    #expect(laboratory.stop() == 0)
  }

  @Test(
    "SIGHUP applies users, peers and quotas, names words that need a restart, and takes no bad file",
    .needsNetworks(), arguments: ["", "\nthreads 2"])
  func reloading(threads: String) throws {
    let laboratory = try laboratory(
      "listen 198.51.100.1\nuser alice:pass\nrealm old.example\(threads)")
    try laboratory.network.inside {
      var alice = try RelayUser()
      let relayed = try alice.allocate()
      #expect(try alice.around([0], relayed) == [0])
      try configure(
        laboratory,
        "listen 198.51.100.1\nuser bob:word\nrealm new.example\ndeny-peer 203.0.113.0/24\n"
          + "allocations-per-user 1\(threads)")
      let line = try reload(laboratory)
      #expect(line == "reloaded users, peers and limits; realm changed, too, which takes a restart")
      // Who is not known any more keeps what was allocated.
      #expect(try alice.around([1], relayed) == [1])
      var late = try RelayUser()
      late.socket.allocate()
      #expect(try late.end() == .failed(.refused(.unauthenticated)))
      var bob = try RelayUser(username: "bob", password: "word")
      _ = try bob.allocate()
      bob.socket.permit(["203.0.113.9"])
      let why = try bob.wait("the refusal") { event -> TURNClient.PeerFailure? in
        if case .turn(.refused(_, let why)) = event { why } else { nil }
      }
      #expect(why == .error(.forbidden))
      var second = try RelayUser(username: "bob", password: "word")
      second.socket.allocate()
      #expect(try second.end() == .failed(.refused(.allocationQuotaReached)))

      try configure(laboratory, "listen 198.51.100.1\nuser carol:word\nquota 3\(threads)")
      #expect(
        try reload(laboratory, 2).hasPrefix("not reloaded turn.conf:3:1: there is no word 'quota'"))
      bob.socket.release()
      _ = try bob.end()
      var again = try RelayUser(username: "bob", password: "word")
      _ = try again.allocate()
    }
  }

  @Test(
    "--check says what would be served, or what is wrong, and opens no socket",
    arguments: [
      ("listen 192.0.2.1\nrealm example.org", Int32(0), "can be served: STUN and TURN over UDP"),
      (
        "listen 192.0.2.1\nsignal", 0,
        "signaling by WebSocket: 'connect --signal ws://192.0.2.1:8080/ROOM'"
      ),
      ("listen 192.0.2.1\nmetrics 9641", 0, "metrics are at http://127.0.0.1:9641/metrics"),
      ("lissten 192.0.2.1", 65, "turn.conf:1:1: there is no word 'lissten'; did you mean"),
      ("listen 192.0.2.1\nusers none", 69, "cannot read none"),
      ("listen 192.0.2.1\nsecret env:NO_SUCH_VARIABLE", 69, "NO_SUCH_VARIABLE is not set"),
      ("listen 192.0.2.1\ncert none", 64, "--cert and --key go together"),
      ("listen 0.0.0.0", 64, "told by --relay-address what peers see"),
      ("permissions 0", 64, "it must be 1 or more"),
      ("listen 192.0.2.1\nthreads auto", 0, "can be served"),
      ("threads 0", 65, "turn.conf:1:1"),
      ("threads 2\nmobility", 64, "leave out --threads"),
      ("threads 2\nport-range 50000-50002", 64, "2 threads need 2 ports each"),
    ])
  func check(lines: String, code: Int32, part: String) throws {
    let folder = try Folder()
    defer { folder.remove() }
    try Data(lines.utf8).write(to: URL(filePath: folder.path + "/turn.conf"))
    let result = try Program.run(
      Program.executable, ["serve", "--check", "--config", "turn.conf"], in: folder.path)
    #expect(result.exitCode == code, "\(result)")
    #expect((result.output + result.errorOutput).contains(part), "\(result)")
  }

  @Test("What --check says as JSON is what the server would say when it is ready")
  func checkedAsReady() throws {
    let arguments = [
      "serve", "--json", "--user", "alice:pass", "--listen", "127.0.0.1:3400", "--tls-port", "3401",
      "--signal-port", "3402", "--metrics", "3403",
    ]
    let checked = try Program.run(arguments + ["--check"])
    #expect(checked.exitCode == 0, "\(checked)")
    let line = try JSONValue(checked.output)
    #expect(line["result"] == .string("checked"))
    #expect(line["signaling"] == .list([.string("ws://127.0.0.1:3402/")]))
    #expect(line["metrics"] == .string("http://127.0.0.1:3403/metrics"))
    #expect(line["secureListening"] == .list([.string("127.0.0.1:3401")]))
    #expect(try JSONSchema.documented().problems(of: line, in: "serve") == [])
  }

  @Test(
    "SIGTERM lets an allocation go on and takes no new one; the end comes with its end",
    .needsNetworks(), arguments: ["", "--threads 2"])
  func drain(threads: String) throws {
    let laboratory = try RelayLaboratory.serve("--user alice:pass --drain 60 \(threads)")
    try laboratory.network.inside {
      var user = try RelayUser()
      let relayed = try user.allocate()
      laboratory.signal(SIGTERM)
      try waitFor("the drain") { try laboratory.output.contains("draining ") }
      #expect(try user.around([1], relayed) == [1])
      var late = try RelayUser()
      late.socket.allocate()
      #expect(try late.end() == .failed(.refused(.insufficientCapacity)))
      user.socket.release()
      #expect(try user.end() == .released)
    }
    #expect(laboratory.wait() == 0)
    #expect(try laboratory.output.contains("stopped; "))
  }

  @Test(
    "A drain ends when its time is up, or with a second signal", .needsNetworks(),
    arguments: ["--drain 1", "--drain 60", "--drain 0"])
  func drainEnd(option: String) throws {
    let laboratory = try RelayLaboratory.serve("--json --user alice:pass \(option)")
    try laboratory.network.inside {
      var user = try RelayUser()
      _ = try user.allocate()
      laboratory.signal(SIGTERM)
      if option != "--drain 0" {
        try waitFor("the drain") { try laboratory.output.contains("\"draining\"") }
      }
      if option == "--drain 60" { laboratory.signal(SIGTERM) }
      #expect(laboratory.wait() == 0)
    }
    let schema = try JSONSchema.documented()
    let lines = try laboratory.output.split(separator: "\n")
    for line in lines {
      #expect(schema.problems(of: try JSONValue(line), in: "serve") == [], "\(line)")
    }
    #expect(try JSONValue(try #require(lines.last))["allocations"] == .number(1))
  }

  @Test(
    "A scrape shows live sessions, and every line of it is read by the format's rules",
    .needsNetworks("turnutils_uclient", "python3"))
  func metrics() throws {
    let laboratory = try RelayLaboratory.serve(
      "--user alice:pass --realm example.org --metrics 9641")
    func scrape() throws -> Exposition {
      try Exposition(
        try laboratory.network.run(
          "python3 -c 'import urllib.request as u; "
            + "print(u.urlopen(\"http://127.0.0.1:9641/metrics\").read().decode(), end=\"\")'"))
    }
    /// Scrapes until a value is so, as figures are up to a second old.
    func wait(_ key: String, _ isSo: (Double) -> Bool) throws -> Exposition {
      var found = try scrape()
      try waitFor("\(key), which is \(found[key])") {
        found = try scrape()
        return isSo(found[key])
      }
      return found
    }
    // Only this machine can read them.
    #expect(try laboratory.network.run("ss -Hltn").contains("127.0.0.1:9641 "))
    try laboratory.network.inside {
      var user = try RelayUser()
      let relayed = try user.allocate()
      _ = try user.around([1, 2, 3], relayed)
      _ = try wait("turn_allocations") { $0 == 1 }
      user.socket.release()
      _ = try user.end()
      // Before coturn's client, which leaves one of its allocations to its lifetime.
      _ = try wait("turn_allocations") { $0 == 0 }
    }
    try laboratory.network.run(
      "turnutils_uclient -y -u alice -w pass -n 5 198.51.100.1 2>&1")
    try laboratory.network.inside {
      var stranger = try RelayUser(password: "wrong")
      stranger.socket.allocate()
      _ = try stranger.end()
    }
    let found = try wait("turn_relayed_datagrams_total{direction=\"to clients\"}") { $0 >= 21 }
    #expect(found["turn_threads"] == 1)
    #expect(found["turn_allocated_total"] >= 3)
    #expect(found["turn_ended_total{reason=\"released\"}"] >= 1)
    #expect(found["turn_responses_total{method=\"Allocate\",outcome=\"401\"}"] >= 4)
    #expect(found["turn_relayed_bytes_total{direction=\"to peers\"}"] > 3)
    #expect(found["process_start_time_seconds"] > 1_700_000_000)
  }

  // MARK: - Several relays

  @Test(
    "Two relays that share only the secret take the same credentials", .needsNetworks())
  func oneSecret() throws {
    let laboratory = try RelayLaboratory.serve("--secret file:secret --realm example.org")
    let second = try laboratory.startBeside(
      "\(Program.executable) serve --listen 198.51.100.2 --secret file:secret --realm example.org",
      at: "198.51.100.2:3478")
    defer { second.stop(SIGINT) }
    let now = Int64(time(nil))
    let credentials = try TimedCredentials(
      sharedSecret: Array(RelayLaboratory.secret.utf8), epoch: now)
    let name = TimedCredentials.username("alice", validUntil: now + 86_400)
    try laboratory.network.inside {
      for relay: TransportAddress in ["198.51.100.1:3478", "198.51.100.2:3478"] {
        var user = try RelayUser(
          username: name, password: credentials.password(of: name), server: relay)
        #expect(try user.allocate().address == relay.address)
      }
    }
  }

  @Test(
    "A relay that sends on (300) is followed by our client and by coturn's",
    .needsNetworks("turnutils_uclient"))
  func alternateServer() throws {
    let laboratory = try RelayLaboratory.serve(
      "--user alice:pass --realm example.org --alternate-server 198.51.100.2:3478")
    let second = try laboratory.startBeside(
      "\(Program.executable) serve --listen 198.51.100.2 --user alice:pass --realm example.org",
      at: "198.51.100.2:3478")
    defer { second.stop(SIGINT) }
    try laboratory.network.inside {
      var user = try RelayUser()
      #expect(try user.allocate().address == "198.51.100.2")
    }
    let output = try laboratory.network.run(
      "turnutils_uclient -y -u alice -w pass -n 5 198.51.100.1 2>&1")
    #expect(output.contains("tot_send_msgs=20, tot_recv_msgs=20"), "\(output)")
    #expect(output.contains("Total lost packets 0"), "\(output)")
    #expect(try !laboratory.output.contains("allocated "))
  }
}
