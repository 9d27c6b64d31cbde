import FoundationEssentials
import NATTable
import Router
import SansIO
import Simulator
import TestSupport
import Testing
import TransportAddress

/// Captures of simulated interfaces, read by Wireshark; and the same simulation in other processes.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(2))) struct SimulatorCaptureTests {
  /// Two hosts at home behind a carrier's NAT, by UDP and by TCP, over lines with faults, and a phone
  /// with IPv6 alone.
  private func world() -> Network {
    var net = Network(seed: 1)
    let cgn = net.place(.mobile, "cgn")
    var line = Link.line
    line.loss = .independent(0.1)
    line.duplication = 0.1
    line.reordering = 0.1
    let home = net.router("home", nat: .portRestrictedCone, behind: cgn, link: line)
    let alice = net.host("alice", behind: home, running: .stunClient(of: "203.0.113.9:3478"))
    net.run(.stream("hello, in order", to: "203.0.113.9:80"), on: alice)
    net.host("bob", behind: home, running: .stunClient(of: "203.0.113.9:3478"))
    // One that is answered by an ICMP error.
    net.host(
      "carol", behind: home,
      running: .script(.init(at: .zero, send: "nobody is there", to: "203.0.113.9:9")))
    let mobile = net.nat64("mobile")
    let phone = net.host(
      "phone", behind: mobile, running: .stunClient(of: "[64:ff9b::203.0.113.9]:3478"))
    net.run(.stream("hello, translated", to: "[64:ff9b::203.0.113.9]:80"), on: phone)
    let nobody = [
      ScriptEndpoint.Line(at: .zero, send: "translated", to: "[64:ff9b::203.0.113.9]:9"),
      ScriptEndpoint.Line(at: .zero, send: "as it is", to: "[2001:db8::9]:9"),
    ]
    net.run(ScriptEndpoint(port: 6000, nobody), on: phone)
    let server = net.host(
      "server", at: "203.0.113.9", ipv6: "2001:db8::9", running: .stunServer)
    net.run(.streamEcho(port: 80), on: server)
    net.run()
    return net
  }

  @Test(
    "tshark reads the capture of each interface without complaint, and its STUN fields are ours",
    .needs("tshark"))
  func captures() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let trace = world().trace
    var interfaces = 0
    var all: [UInt8] = []
    for (number, node) in trace.nodes.enumerated() {
      let id = try #require(trace.node(named: node.name))
      for side in NATRouter.Side.allCases {
        let bytes = trace.pcap(of: id, side)
        // 24 bytes are the header of a file without packets: a host has no inside.
        guard bytes.count > 24 else { continue }
        interfaces += 1
        let file = "\(folder.path)/\(number)-\(side).pcap"
        try Data(bytes).write(to: URL(filePath: file))
        let complaints = try complaints(about: file)
        #expect(complaints.isEmpty, "\(node.name), \(side): \(complaints.prefix(5))")
        all += all.isEmpty ? bytes : Array(bytes[24...])
      }
    }
    // Five hosts and the Internet have one; three NATs have two.
    #expect(interfaces == 12)
    // What each says about each packet does not depend on the others: one run for all.
    let file = "\(folder.path)/all.pcap"
    try Data(all).write(to: URL(filePath: file))
    let checksums = try TsharkChecksums(file)
    #expect(checksums.bad.isEmpty, "\(checksums.bad.prefix(5))")
    #expect(checksums.good["tcp", default: 0] > 50)
    #expect(try compareWithTshark(file, Decoded(file)) > 200)
  }

  @Test(
    "In UTC tshark shows the simulated time as minutes and seconds of a fixed day", .needs("tshark")
  )
  func times() throws {
    let folder = try Folder()
    defer { folder.remove() }
    var net = Network(seed: 1)
    let alice = net.host(
      "alice", at: "203.0.113.1",
      running: .script(.init(at: .milliseconds(61_500), send: "hello", to: "203.0.113.9:7")))
    net.run()
    let file = "\(folder.path)/alice.pcap"
    try Data(net.trace.pcap(of: alice.node)).write(to: URL(filePath: file))
    let shown = try Program.run("tshark", ["-r", file, "-t", "ud"]).output
    #expect(shown.contains("2000-01-01 00:01:01.500000"), "\(shown)")
  }

  /// What tshark's experts warn of, besides gaps, repetitions and resets of TCP, which are no faults
  /// of the capture: the lines lose and double packets.
  private func complaints(about file: String) throws -> [String] {
    let result = try Program.run(
      "tshark",
      ["-r", file, "-Y", "_ws.malformed || _ws.expert.severity >= 0x600000", "-T", "fields"]
        + ["frame.number", "_ws.expert.severity", "_ws.expert.group", "_ws.expert.message"]
        .flatMap { ["-e", $0] })
    try #require(result.exitCode == 0, "\(result.errorOutput)")
    return result.output.split(separator: "\n").map(String.init).filter { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      let isOfSequence = columns[2].split(separator: ",").allSatisfy { $0 == "33554432" }
      return !isOfSequence || columns[2].isEmpty
    }
  }

  @Test("Processes with other hash seeds print the same trace and the same matrix, byte for byte")
  func hashSeeds() throws {
    for arguments in [
      ["matrix", "symmetric", "linux-random", "--explain", "--json"],
      ["matrix", "restricted-cone", "cgn", "--explain", "--seed", "7"],
      ["matrix", "--json"],
    ] {
      let outputs = try ["0", "0", "1"].map { isDeterministic in
        let result = try Program.run(
          arguments, environment: ["SWIFT_DETERMINISTIC_HASHING": isDeterministic])
        try #require(result.exitCode == 0, "\(result.errorOutput)")
        return result.output
      }
      #expect(outputs[0].utf8.count > 200)
      #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2], "\(arguments)")
    }
  }
}
