import FoundationEssentials
import Glibc
import Relay
import STUN
import SansIO
import TLS
import TURN
import TestSupport
import Testing
import TransportAddress

/// TURN over TCP and TLS: other people's clients and `workbook serve`, our client and coturn.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(3))) struct StreamInteropTests {
  @Test(
    "coturn's client loses nothing over TCP and TLS, by channels and by indications",
    .needsNetworks("turnutils_uclient"),
    arguments: [("-t", 3478), ("-t -s", 3478), ("-t -S", 5349), ("-t -S -s", 5349)])
  func uclient(options: String, port: Int) throws {
    let laboratory = try RelayLaboratory.serve(
      "--user alice:pass --realm example.org --tls", streamPorts: [3478, 5349])
    let output = try laboratory.network.run(
      "turnutils_uclient \(options) -y -u alice -w pass -n 5 -p \(port) 198.51.100.1 2>&1",
      seconds: 60)
    #expect(output.contains("tot_send_msgs=20, tot_recv_msgs=20"), "\(options): \(output)")
    #expect(output.contains("Total lost packets 0"), "\(options): \(output)")
    let log = try laboratory.output
    #expect(log.contains("to alice at"), "\(log)")
    #expect(!log.contains("refused"), "\(log)")
  }

  @Test(
    "Our client sends data of odd lengths through coturn, over TCP and TLS",
    .needsNetworks("turnserver"), arguments: [false, true])
  func coturn(isSecure: Bool) throws {
    let identity = try TLSIdentity(selfSignedFor: ["198.51.100.1"])
    let laboratory = try RelayLaboratory.coturn(RelayLaboratory.users, identity: identity)
    let context = try TLSContext(clientTrusting: identity.chain)
    try laboratory.network.inside {
      var user = try RelayUser(
        server: isSecure ? "198.51.100.1:5349" : RelayLaboratory.relay,
        over: isSecure ? .tls(context, name: "198.51.100.1") : .tcp)
      let relayed = try user.allocate()
      #expect(relayed.address == "198.51.100.1")
      #expect(try user.toPeer([1, 2, 3]).data == [1, 2, 3])
      #expect(try user.fromPeer([4, 5, 6, 7, 8], to: relayed).data == [4, 5, 6, 7, 8])
      #expect(try user.toPeer([9]).data == [9])
      try user.bound()
      for count in [1, 2, 3, 4, 1200] {
        let data = [UInt8](repeating: UInt8(count % 251), count: count)
        #expect(try user.toPeer(data).data == data)
        #expect(user.messages.entries.last == "> ChannelData")
        #expect(try user.fromPeer(data, to: relayed).data == data)
        #expect(user.messages.entries.last == "< ChannelData")
      }
      user.socket.release()
      #expect(try user.end() == .released)
    }
  }

  @Test("Certificates and ports of TLS that cannot be served are refused, and the reason named")
  func unusable() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try folder.write(try TLSIdentity(selfSignedFor: ["a.example"]))
    let other = try TLSIdentity(selfSignedFor: ["b.example"])
    try Data(other.key.utf8).write(to: URL(filePath: folder.path + "/other.pem"))
    let secret = other.key.split(separator: "\n")[1]
    let (cert, key) = (folder.path + "/cert.pem", folder.path + "/key.pem")
    for (arguments, code, part) in [
      (["--cert", cert], Int32(64), "--cert and --key go together"),
      (["--cert", key, "--key", key], 64, "no certificate in PEM"),
      (["--cert", cert, "--key", cert], 64, "no key in PEM"),
      (["--cert", cert, "--key", folder.path + "/other.pem"], 64, "not that of the first"),
      (["--cert", folder.path + "/none", "--key", key], 69, "cannot read"),
      (["--tls-port", "3478"], 64, "choose another port"),
    ] {
      let result = try Program.run(["serve", "--listen", "127.0.0.1:3478"] + arguments)
      #expect(result.exitCode == code, "\(arguments): \(result)")
      #expect("\(result)".contains(part), "\(arguments): \(result)")
      #expect(!"\(result)".contains(secret))
    }
  }

  @Test("What serve prints with TLS is documented, and its URLs work", .needsNetworks())
  func ready() throws {
    let laboratory = try RelayLaboratory.serve(
      "--json --tls-port 5350 --user alice:pass", streamPorts: [3478, 5350])
    let text = try #require(try laboratory.output.split(separator: "\n").first)
    #expect(text.contains("turn:198.51.100.1:3478?transport=tcp"))
    #expect(text.contains("turns:198.51.100.1:5350?transport=tcp"))
    try laboratory.network.inside {
      var user = try RelayUser(over: .tcp)
      _ = try user.allocate()
    }
    #expect(laboratory.stop() == 0)
    let schema = try JSONSchema.documented()
    for line in try laboratory.output.split(separator: "\n") {
      #expect(schema.problems(of: try JSONValue(line), in: "serve") == [], "\(line)")
    }
  }
}
