import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// Real hosts behind `workbook nat --tun`.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(3))) struct TUNRoutingTests {
  @Test("ping works, to the gateway, to the neighbour and beyond", .needsNetworks("ping"))
  func ping() throws {
    let laboratory = try TUNLaboratory()
    for address in ["10.0.0.1", "203.0.113.254", "198.51.100.9"] {
      let output = try laboratory.home.run("ping -c 3 -i 0.02 -W 2 \(address)")
      #expect(output.contains(" 0% packet loss"), "\(address): \(output)")
    }
    // In fragments, too: 8 000 bytes go in six, each way.
    let output = try laboratory.home.run("ping -c 3 -i 0.02 -W 2 -s 8000 198.51.100.9")
    #expect(output.contains(" 0% packet loss"))
  }

  @Test(
    "traceroute sees every router: the errors come back, and what is in them is translated",
    .needsNetworks("traceroute"), arguments: ["-U", "-I", "-T"])
  func traceroute(method: String) throws {
    let laboratory = try TUNLaboratory(["--preset", "symmetric"])
    let output = try laboratory.home.run("traceroute -n \(method) -q 2 -w 2 198.51.100.9")
    let hops = output.split(separator: "\n").dropFirst().compactMap {
      $0.split(separator: " ").dropFirst().first.map(String.init)
    }
    #expect(hops == ["10.0.0.1", "203.0.113.254", "198.51.100.9"], "\(output)")
  }

  @Test(
    "A TCP download of 100 MB arrives whole", .needsNetworks("python3"),
    arguments: [[], ["--no-offload"]])
  func download(options: [String]) throws {
    let laboratory = try TUNLaboratory(["--preset", "symmetric"] + options)
    let folder = laboratory.folder.path
    try laboratory.street.run(
      "head -c 100000000 /dev/urandom >\(folder)/file && sha256sum <\(folder)/file >\(folder)/sum")
    let server = try laboratory.far.start(
      "cd \(folder) && exec python3 -m http.server 8000 --bind 198.51.100.9")
    defer { server.stop() }
    try waitFor("the server") {
      (try? laboratory.far.run("ss -Htln 'sport = 8000' | grep -q .")) != nil
    }
    let sum = try laboratory.home.run(
      """
      python3 -c "
      import hashlib, urllib.request
      hash, count = hashlib.sha256(), 0
      with urllib.request.urlopen('http://198.51.100.9:8000/file') as file:
          while part := file.read(1 << 20):
              hash.update(part)
              count += len(part)
      print(count, hash.hexdigest())"
      """)
    let expected = try String(contentsOfFile: folder + "/sum", encoding: .utf8).prefix(64)
    #expect(sum == "100000000 \(expected)\n")
  }

  @Test(
    "Path MTU discovery works, where the NAT's own link is narrow and where one beyond is",
    .needsNetworks("ping", "python3"))
  func pathMTU() throws {
    let laboratory = try TUNLaboratory()
    let (home, street, far) = (laboratory.home, laboratory.street, laboratory.far)
    try street.run("ip link set far0 mtu 1280; ip link set tun0 mtu 1400")
    try far.run("ip link set street0 mtu 1280")
    // The router looks at its devices once a second.
    var own = ""
    try waitFor("the router to tell of its narrow link", seconds: 10) {
      own = try home.run("ping -c 1 -W 1 -M do -s 1400 203.0.113.254 || true")
      return own.contains("mtu = 1400")
    }
    #expect(own.contains("From 10.0.0.1"), "\(own)")
    let beyond = try home.run("ping -c 1 -W 2 -M do -s 1300 198.51.100.9 || true")
    #expect(beyond.contains("From 203.0.113.254") && beyond.contains("mtu = 1280"), "\(beyond)")
    // What may be cut up is.
    let cut = try home.run("ping -c 2 -i 0.02 -W 2 -M dont -s 1450 198.51.100.9")
    #expect(cut.contains(" 0% packet loss"), "\(cut)")

    let receiver = try far.start(
      """
      exec python3 -c "
      import socket
      server = socket.create_server(('198.51.100.9', 8000))
      connection, _ = server.accept()
      count = 0
      while part := connection.recv(65536): count += len(part)
      print(count, flush=True)"
      """, output: laboratory.folder.path + "/received")
    try waitFor("the receiver") { (try? far.run("ss -Htln 'sport = 8000' | grep -q .")) != nil }
    try home.run(
      """
      python3 -c "
      import socket
      with socket.create_connection(('198.51.100.9', 8000)) as connection:
          connection.sendall(bytes(1_000_000))"
      """)
    #expect(receiver.wait() == 0)
    let received = try String(
      contentsOfFile: laboratory.folder.path + "/received", encoding: .utf8)
    #expect(received == "1000000\n")
    #expect(try home.run("ip route get 198.51.100.9").contains("mtu 1280"))
  }

  @Test(
    "Its log names mappings and drops, SIGUSR1 shows the table, and the end counts packets",
    .needsNetworks("ping"))
  func log() throws {
    struct Line: Decodable {
      struct Mapping: Decodable { var inside: String, outside: String }
      struct Dropped: Decodable { var reason: String, packets: Int }
      var result: String
      var inside: String?
      var reason: String?
      var mappings: [Mapping]?
      var outbound: Int?
      var inbound: Int?
      var dropped: [Dropped]?
    }
    let laboratory = try TUNLaboratory(["--preset", "port-restricted-cone"])
    try laboratory.home.run("ping -c 2 -i 0.02 -W 2 203.0.113.254")
    try laboratory.street.run("ping -c 1 -W 0.1 203.0.113.7 || true")
    try laboratory.showTable()
    #expect(laboratory.stop() == 130)
    let lines = try laboratory.log.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(lines.map(\.result) == ["ready", "mapping", "drop", "table", "table", "ended"])
    try #require(lines.count == 6)
    #expect(lines[1].inside?.hasPrefix("10.0.0.2:") == true)
    #expect(lines[2].reason?.contains("no mapping") == true)
    #expect(lines[3].mappings?.first?.outside.hasPrefix("203.0.113.7:") == true)
    #expect(lines[5].outbound == 2)
    #expect(lines[5].inbound == 2)
    #expect(lines[5].dropped?.map(\.packets) == [1])
  }

  @Test(
    "A static mapping lets a stranger in, and a mapping's end is told with its time",
    .needsNetworks("ping", "python3"))
  func configured() throws {
    struct Line: Decodable {
      var result: String
      var time: Double?
      var inside: String?
    }
    let laboratory = try TUNLaboratory([
      "--map", "udp 10.0.0.2:9 = 203.0.113.7:4000", "--timer", "icmp 300ms",
    ])
    try laboratory.home.run("ping -c 1 -W 2 203.0.113.254")
    let receiver = try laboratory.home.start(
      """
      exec timeout 10 python3 -c "
      import socket
      server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      server.bind(('10.0.0.2', 9))
      print(server.recvfrom(64)[0].decode(), flush=True)" >'\(laboratory.folder.path)/received'
      """)
    try waitFor("the port to be open") {
      try laboratory.home.run("ss -lun").contains("10.0.0.2:9 ")
    }
    try laboratory.street.run(
      "python3 -c \"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
        + ".sendto(b'hello', ('203.0.113.7', 4000))\"")
    #expect(receiver.wait() == 0)
    let received = try String(
      contentsOfFile: laboratory.folder.path + "/received", encoding: .utf8)
    #expect(received == "hello\n")
    try waitFor("the mapping's end") { laboratory.log.contains("expired") }
    #expect(laboratory.stop() == 130)
    let lines = try laboratory.log.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    let made = try #require(lines.first { $0.result == "mapping" })
    let ended = try #require(lines.first { $0.result == "expired" })
    #expect(made.inside == ended.inside)
    #expect(try #require(ended.time) > #require(made.time) + 0.29)
  }

  @Test(
    "A burst of 2 000 new flows in 40 ms is answered whole", .needsNetworks("ping", "python3"),
    arguments: ["symmetric", "restricted-cone"])
  func burst(preset: String) throws {
    let laboratory = try TUNLaboratory(["--preset", preset])
    let answered = try laboratory.burst(flows: 2000, over: 0.04)
    #expect(answered == 2000)
  }

  @Test(
    "What a device's queue dropped is counted, live and at the end",
    .needsNetworks("ping", "python3"))
  func overflow() throws {
    struct Line: Decodable {
      var result: String
      var from: String?
      var packets: Int?
      var outbound: Int?
      var overflowInside: Int?
      var overflowOutside: Int?
    }
    let laboratory = try TUNLaboratory()
    // One packet has room: a burst cannot all get in.
    try laboratory.home.run("ip link set tun0 txqueuelen 1")
    let sent = 3000
    _ = try laboratory.burst(flows: sent, over: 0)
    try waitFor("the drops to be told") { laboratory.log.contains("\"overflow\"") }
    #expect(laboratory.stop() == 130)
    let lines = try laboratory.log.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    let live = lines.filter { $0.result == "overflow" }
    let end = try #require(lines.last)
    #expect(live.allSatisfy { $0.from == "inside" })
    #expect(live.compactMap(\.packets).reduce(0, +) == end.overflowInside)
    #expect(end.overflowOutside == 0)
    // What was sent and did not go out was lost in the queue.
    // The ping that finds the neighbors is one more.
    #expect(end.outbound.map { $0 + (end.overflowInside ?? 0) } == sent + 1)
  }
}
