import TLS
import TestSupport
import Testing

/// `workbook gather` by TCP and TLS.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct StreamGatherTests {
  /// Which relay there is.
  enum Server: Hashable, Sendable {
    case coturn, serve
  }

  /// A relay that is broken in one way.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var server = Server.serve
    /// The certificate's names, and when it is valid, in seconds from now.
    var names = ["198.51.100.1"]
    var from = Duration.seconds(-3600)
    var until = Duration.seconds(3600)
    /// What the relay's own network is told besides.
    var network = ""
    var uri = "turns:198.51.100.1"
    var arguments = "--ca ../cert.pem --user alice:pass"
    var exitCode: Int32 = 1
    /// The step that fails, and a part of the cause that is named first.
    var step: String
    var cause: String
  }

  static let tcp = "turn:198.51.100.1?transport=tcp"
  static let anonymousTrust = "--user alice:pass"

  static let cases: [Case] = [
    Case(
      testDescription: "nothing at the port", uri: "turn:198.51.100.1:3500?transport=tcp",
      exitCode: 75, step: "connect", cause: "nothing listens for TCP at port 3500"),
    Case(
      testDescription: "a firewall that drops TCP",
      network: "nft add rule inet f input tcp dport 3478 drop", uri: tcp, exitCode: 75,
      step: "connect", cause: "drops TCP to port 3478"),
    Case(
      testDescription: "a certificate of nobody known", arguments: anonymousTrust, step: "tls",
      cause: "self-signed, or of an issuer that this machine does not know"),
    Case(
      testDescription: "coturn's certificate of nobody known", server: .coturn,
      arguments: anonymousTrust, step: "tls",
      cause: "self-signed, or of an issuer that this machine does not know"),
    Case(
      testDescription: "a certificate of another name", names: ["turn.example.org"], step: "tls",
      cause: "not for the address 198.51.100.1"),
    Case(
      testDescription: "coturn's certificate of another name", server: .coturn,
      names: ["turn.example.org"], step: "tls", cause: "not for the address 198.51.100.1"),
    Case(
      testDescription: "a certificate whose time is over", until: .seconds(-60), step: "tls",
      cause: "has not been renewed"),
    Case(
      testDescription: "a certificate of a time to come", from: .seconds(1800), step: "tls",
      cause: "the clock of this machine is behind"),
    Case(
      testDescription: "TLS at the port of plain TCP", uri: "turns:198.51.100.1:3478",
      step: "tls", cause: "does not speak TLS"),
    Case(
      testDescription: "plain TCP at the port of TLS",
      uri: "turn:198.51.100.1:5349?transport=tcp", step: "binding",
      cause: "speaks TLS"),
    Case(
      testDescription: "a wrong password over TLS",
      arguments: "--ca ../cert.pem --user alice:wrong", step: "allocate",
      cause: "has another password"),
    Case(
      testDescription: "a wrong password at coturn over TCP", server: .coturn, uri: tcp,
      arguments: "--user alice:wrong", step: "allocate", cause: "has another password"),
  ]

  /// The relay with its certificate.
  static func street(
    _ server: Server, _ identity: TLSIdentity, network: String = ""
  ) throws -> GatherStreet {
    let command =
      switch server {
      case .serve:
        "\(Program.executable) serve --listen 198.51.100.1 --user alice:pass --cert cert.pem "
          + "--key key.pem"
      case .coturn:
        "turnserver -n -L 198.51.100.1 -r example.org --no-dtls --no-cli --cert cert.pem "
          + "--pkey key.pem --log-file stdout --pidfile turn.pid --userdb turn.db "
          + RelayLaboratory.users
      }
    return try GatherStreet(
      command: command, network, identity: identity, streamPorts: [3478, 5349])
  }

  @Test("The cause is named", .needsNetworks("turnserver", "nft"), arguments: cases)
  func causes(broken: Case) throws {
    let identity = try TLSIdentity(
      selfSignedFor: broken.names, from: broken.from, until: broken.until)
    let street = try Self.street(broken.server, identity, network: broken.network)
    let arguments = broken.arguments.replacing(
      "../cert.pem", with: street.folder.path + "/cert.pem")
    let result = try street.gather("'\(broken.uri)' \(arguments)")
    #expect(result.code == broken.exitCode, "\(result.output)")
    let failed = try #require(
      try result.steps().first { $0.outcome == "failed" }, "\(result.output)")
    #expect(failed.step == broken.step, "\(result.output)")
    #expect(failed.causes.first?.contains(broken.cause) == true, "\(result.output)")
  }

  @Test(
    "Of a sound relay no cause is named", .needsNetworks("turnserver", "nft"),
    arguments: [Server.coturn, .serve], [tcp, "turns:198.51.100.1"])
  func sound(server: Server, uri: String) throws {
    let identity = try TLSIdentity(selfSignedFor: ["198.51.100.1"])
    let street = try Self.street(server, identity)
    let result = try street.gather(
      "'\(uri)' --ca \(street.folder.path)/cert.pem --user alice:pass")
    #expect(result.code == 0, "\(result.output)")
    let steps = try result.steps()
    let first = uri == Self.tcp ? ["connect"] : ["connect", "tls"]
    #expect(
      steps.map(\.step)
        == first + ["binding", "allocate", "permission", "outside", "relay", "release"])
    #expect(steps.allSatisfy { $0.outcome == "passed" && $0.causes.isEmpty }, "\(result.output)")
    let schema = try JSONSchema.documented()
    #expect(schema.problems(of: try JSONValue(result.output), in: "gather") == [])
  }
}
