import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// Real programs on the hosts of a world.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(3))) struct TUNWorldTests {
  @Test(
    "Two programs behind two homes meet by hole punching through cones, and the tables show it",
    .needsNetworks("python3"))
  func cones() throws {
    let world = try TUNWorld(TUNWorld.homes("port-restricted-cone"))
    let output = try world.run([
      ("alice", world.puncher("alice", "bob")), ("bob", world.puncher("bob", "alice")),
    ])
    #expect(output.contains("alice: outside I am 198.51.100.1\n"), "\(output)")
    #expect(output.contains("alice: heard: hello from bob\n"))
    #expect(output.contains("bob: heard: hello from alice\n"))
    #expect(output.hasSuffix("exit 0\n"))
    let tables = output.split(separator: "\nhome:\n").last ?? ""
    // One mapping for the server and for Bob: that is what makes it a cone.
    #expect(tables.matches(of: #/10\.0\.0\.2:5000 +198\.51\.100\.1:5000 +any/#).count == 1)
    #expect(tables.matches(of: #/10\.0\.1\.2:5000 +198\.51\.100\.2:5000 +any/#).count == 1)
    #expect(tables.contains("198.51.100.2:5000"))
    #expect(try world.state() == world.stateBefore)
  }

  @Test(
    "Through symmetric NATs they do not meet, and each packet that is dropped is told",
    .needsNetworks("python3"))
  func symmetric() throws {
    let world = try TUNWorld(TUNWorld.homes("symmetric"))
    let output = try world.run([
      ("alice", world.puncher("alice", "bob")), ("bob", world.puncher("bob", "alice")),
    ])
    #expect(output.contains("alice: heard nothing\n"), "\(output)")
    #expect(output.contains("bob: heard nothing\n"))
    #expect(output.contains("cabin: drop UDP 198.51.100.1:"))
    #expect(output.contains("alice: ended, exit code 1\n"))
    #expect(output.hasSuffix("exit 1\n"))
    let tables = output.split(separator: "\nhome:\n").last ?? ""
    // Another mapping for Bob than for the server.
    #expect(tables.matches(of: #/10\.0\.0\.2:5000 +198\.51\.100\.1:/#).count == 2)
  }

  @Test("ICE finds its way between two of the workbook's own programs", .needsNetworks())
  func connect() throws {
    let world = try TUNWorld(TUNWorld.homes("port-restricted-cone"))
    func connect(_ side: String, _ word: String) -> String {
      "echo \(word) | \(Program.executable) connect \(side) --folder \(world.folder.path)"
        + " --stun stun:stun.example"
    }
    let output = try world.run([
      ("alice", connect("offer", "Hello")), ("bob", connect("answer", "Hi")),
    ])
    #expect(output.contains("alice: Hi\n"), "\(output)")
    #expect(output.contains("bob: Hello\n"))
    #expect(output.hasSuffix("exit 0\n"))
  }

  @Test(
    "A program is on its host: its name, its address, and the names of others", .needsNetworks("ip")
  )
  func place() throws {
    let world = try TUNWorld(TUNWorld.homes("symmetric"))
    let output = try world.run(
      [("bob", "hostname; ip -o -4 address show eth0; getent hosts stun.example home")],
      ["--quiet"])
    #expect(output.contains("bob: bob\n"), "\(output)")
    #expect(output.contains("inet 10.0.1.2/24"))
    #expect(output.contains("203.0.113.9     stun.example\n"))
    #expect(output.contains("198.51.100.1    home\n"))
    #expect(try Program.run("hostname", []).output != "bob\n")
  }

  @Test("A megabyte over TCP arrives whole, in spite of loss", .needsNetworks("python3"))
  func stream() throws {
    let world = try TUNWorld(
      """
      router home symmetric loss 1%
      host alice behind home
      host server at 203.0.113.80
      """)
    let server = """
      python3 -u -c "
      import socket
      listener = socket.create_server((\\"\\", 80))
      connection, source = listener.accept()
      count = 0
      while part := connection.recv(65536): count += sum(part)
      print(count, source[0])"
      """
    let client = """
      python3 -c "
      import socket, time
      while True:
          try: connection = socket.create_connection((\\"server\\", 80))
          except OSError: time.sleep(0.05)
          else: break
      connection.sendall(bytes([3]) * 1_000_000)
      connection.close()"
      """
    let output = try world.run([("server", server), ("alice", client)], ["--seed", "1"])
    #expect(output.contains("server: 3000000 198.51.100.1\n"), "\(output)")
    #expect(output.contains("lost on the way"))
  }

  @Test(
    "A host has a device for each interface, and a socket sends by the one whose address it has",
    .needsNetworks("python3"))
  func interfaces() throws {
    let world = try TUNWorld(
      """
      router home port-restricted-cone
      router tower symmetric inside 100.64.0.1
      host phone behind home
      interface cell of phone behind tower
      host server at 203.0.113.80
      """)
    let server = """
      python3 -u -c "
      import socket
      channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      channel.bind((\\"\\", 7))
      for _ in range(2):
          text, source = channel.recvfrom(1500)
          print(text.decode(), \\"from\\", source[0])
          channel.sendto(text, source)"
      """
    let client = """
      python3 -u -c "
      import socket
      for name, address in ((\\"unbound\\", \\"\\"), (\\"bound\\", \\"100.64.0.2\\")):
          channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
          channel.bind((address, 5000))
          channel.settimeout(0.2)
          for _ in range(100):
              channel.sendto(name.encode(), (\\"server\\", 7))
              try: print(\\"echo\\", channel.recv(1500).decode())
              except TimeoutError: continue
              break
          channel.close()"
      """
    let output = try world.run([
      ("server", server), ("phone", client), ("phone", "ip -o -4 address show cell"),
    ])
    #expect(output.contains("server: unbound from 198.51.100.1\n"), "\(output)")
    #expect(output.contains("server: bound from 198.51.100.2\n"))
    #expect(output.contains("phone: echo unbound\n"))
    #expect(output.contains("phone: echo bound\n"))
    #expect(output.contains("inet 100.64.0.2/24"))
    #expect(output.hasSuffix("exit 0\n"))
  }

  @Test(
    "A host with both families reaches a server in each, and from outside its firewall is shut",
    .needsNetworks("ping"))
  func dualStack() throws {
    let world = try TUNWorld(
      """
      router home symmetric ipv6
      host alice behind home
      host server at 203.0.113.9 ipv6 2001:db8::9
      """)
    let output = try world.run([
      ("alice", "ping -4 -c 1 -W 5 server; ping -6 -c 1 -W 5 server"),
      ("server", "ping -6 -c 1 -W 1 2001:db8:1::2; true"),
    ])
    #expect(output.ranges(of: "alice: 1 packets transmitted, 1 received").count == 2)
    #expect(output.contains("server: 1 packets transmitted, 0 received"), "\(output)")
    #expect(output.contains("home: drop ICMPv6 query [2001:db8::9]:"))
    #expect(output.contains("the firewall lets in answers only"))
    #expect(!output.contains("unreadable"))
  }

  @Test(
    "A program with IPv6 alone reaches an IPv4 server through a NAT64", .needsNetworks("python3"))
  func nat64() throws {
    let world = try TUNWorld(
      """
      nat64 mobile
      host phone behind mobile
      host stun.example at 203.0.113.9 running stun
      host server at 203.0.113.80
      """)
    let server = """
      python3 -u -c "
      import socket
      listener = socket.create_server((\\"\\", 80))
      connection, source = listener.accept()
      print(connection.recv(100).decode(), \\"from\\", source[0])
      connection.sendall(b\\"welcome\\")
      connection.close()"
      """
    let client = """
      python3 -u -c "
      import socket, time
      while True:
          try: connection = socket.create_connection((\\"server\\", 80))
          except OSError: time.sleep(0.05)
          else: break
      connection.sendall(b\\"hello\\")
      print(connection.recv(100).decode(), \\"from\\", connection.getpeername()[0])"
      """
    let output = try world.run([("server", server), ("phone", client)])
    #expect(output.contains("server: hello from 198.51.100.1\n"), "\(output)")
    #expect(output.contains("phone: welcome from 64:ff9b::cb00:7150\n"))
    #expect(output.contains("mobile: mapping TCP [2001:db8:1::2]:"))
    #expect(output.contains("\nmobile:\n"))
    #expect(output.hasSuffix("exit 0\n"))
  }

  @Test(
    "The packets of each interface are captured, and tshark reads them", .needsNetworks("tshark"))
  func captures() throws {
    let world = try TUNWorld(
      """
      router home symmetric ipv6
      host alice behind home
      host server at 203.0.113.9 ipv6 2001:db8::9
      """)
    let folder = world.folder.path + "/captures"
    let begin = Date().timeIntervalSince1970
    let output = try world.run(
      [("alice", "ping -4 -c 1 -W 5 server && ping -6 -c 1 -W 5 server")], ["--pcap", folder])
    #expect(output.hasSuffix("exit 0\n"), "\(output)")
    func hosts(_ file: String) throws -> [String] {
      try Program.run(
        "tshark",
        ["-r", "\(folder)/\(file)", "-T", "fields", "-e", "ip.src", "-e", "ipv6.src"]
      ).output.split(separator: "\n").map { $0.filter { $0 != "\t" } }
    }
    let inside = ["10.0.0.2", "203.0.113.9", "2001:db8:1::2", "2001:db8::9"]
    #expect(try hosts("alice.pcap") == inside)
    #expect(try hosts("home-inside.pcap") == inside)
    let outside = ["198.51.100.1"] + inside.dropFirst()
    #expect(try hosts("home-outside.pcap") == outside)
    #expect(try hosts("server.pcap") == outside)
    let times = try Program.run(
      "tshark", ["-r", "\(folder)/alice.pcap", "-T", "fields", "-e", "frame.time_epoch"]
    ).output.split(separator: "\n").compactMap { Double($0) }
    #expect(times.count == 4)
    #expect(times.allSatisfy { (begin - 1...Date().timeIntervalSince1970 + 1).contains($0) })
  }

  /// Sends a datagram twenty times a second for three seconds, and says when that is impossible.
  private static let sender = """
    import socket, time
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    before = None
    for _ in range(60):
        try:
            channel.sendto(b"x", ("203.0.113.80", 9))
            now = "sends"
        except OSError as error:
            now = error.strerror
        if now != before: print(now, flush=True)
        before = now
        time.sleep(0.05)
    """

  /// Tells each address that datagrams come from, until none has come for two seconds.
  private static let listener = """
    import socket, sys
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    channel.bind(("0.0.0.0", 9))
    channel.settimeout(10)
    before = None
    while True:
        try:
            now = channel.recvfrom(1500)[1][0]
        except TimeoutError:
            sys.exit(0)
        channel.settimeout(2)
        if now != before: print("from", now, flush=True)
        before = now
    """

  /// Runs both in a world, and gives the lines that each of them printed.
  private func change(_ lines: String) throws -> (
    output: String, sender: [String], listener: [String]
  ) {
    let world = try TUNWorld(
      """
      router home symmetric
      router tower cgn inside 100.64.0.1
      host phone behind home
      host server at 203.0.113.80
      \(lines)
      """)
    let folder = world.folder.path
    try Data(Self.sender.utf8).write(to: URL(filePath: folder + "/sender.py"))
    try Data(Self.listener.utf8).write(to: URL(filePath: folder + "/listener.py"))
    let output = try world.run([
      ("server", "python3 \(folder)/listener.py"),
      ("phone", "sleep 0.3; python3 \(folder)/sender.py"),
    ])
    func printed(_ host: String) -> [String] {
      output.split(separator: "\n").filter { $0.hasPrefix("\(host): ") }
        .map { String($0.dropFirst(host.count + 2)) }.filter { !$0.hasPrefix("ended") }
    }
    return (output, printed("phone"), printed("server"))
  }

  @Test(
    "A NAT that is renumbered while programs run sends from its new address",
    .needsNetworks("python3"))
  func renumbering() throws {
    let (output, sender, listener) = try change("wait 1500ms\nrenumber home 198.51.100.7")
    #expect(sender == ["sends"])
    #expect(listener == ["from 198.51.100.1", "from 198.51.100.7"], "\(output)")
    #expect(output.contains("change renumber home 198.51.100.7"))
    #expect(output.hasSuffix("exit 0\n"))
  }

  @Test(
    "A host that changes networks has no device for a while, and then one with its new address",
    .needsNetworks("python3"))
  func moving() throws {
    let (output, sender, listener) = try change(
      "wait 1300ms\ndisconnect phone\nwait 700ms\nconnect phone behind tower")
    #expect(sender == ["sends", "Network is unreachable", "sends"], "\(output)")
    #expect(listener == ["from 198.51.100.1", "from 198.51.100.2"], "\(output)")
    #expect(output.hasSuffix("exit 0\n"))
  }

  @Test(
    "A link that becomes one that loses all is a change, too", .needsNetworks("python3"))
  func worseLink() throws {
    let (output, _, listener) = try change("wait 1s\nconnect phone behind home loss 100%")
    #expect(listener == ["from 198.51.100.1"], "\(output)")
    #expect(output.contains("lost on the link"), "\(output)")
    #expect(output.hasSuffix("exit 0\n"))
  }

  @Test("A capture that cannot be written is told in one line, with 74", .needsNetworks())
  func noCaptures() throws {
    let world = try TUNWorld(TUNWorld.homes("symmetric"))
    let output = try world.run([("alice", "true")], ["--pcap", "/dev/null/captures"])
    #expect(output.contains("make the folder /dev/null/captures"), "\(output)")
    #expect(output.hasSuffix("exit 74\n"))
  }

  @Test("What it prints as JSON is documented", .needsNetworks("python3"))
  func json() throws {
    let world = try TUNWorld(
      TUNWorld.homes("symmetric") + "\nwait 10ms\nconnect bob behind cabin")
    let output = try world.run(
      [("alice", world.puncher("alice", "bob")), ("bob", world.puncher("bob", "alice"))],
      ["--json", "--ladder"])
    let schema = try JSONSchema.documented()
    var results: Set<String> = []
    for line in output.split(separator: "\n") where line.hasPrefix("{") {
      let value = try JSONValue(line)
      #expect(schema.problems(of: value, in: "nat --tun FILE") == [], "\(line)")
      if case .string(let result) = value["result"] { results.insert(result) }
    }
    #expect(
      results == [
        "ready", "output", "change", "mapping", "drop", "exited", "table", "ladder", "ended",
      ])
  }

  @Test(
    "The machine may have the same addresses itself: the world is apart from it",
    .needsNetworks("ping"))
  func sameAddresses() throws {
    let world = try TUNWorld(TUNWorld.homes("full-cone"))
    try world.machine.run(
      "ip address add 10.0.0.1/24 dev lo; ip address add 203.0.113.9/24 dev lo")
    let before = try world.state()
    let output = try world.run([("alice", "ping -c 1 -W 5 203.0.113.9")])
    #expect(output.contains(" 0% packet loss"), "\(output)")
    #expect(try world.state() == before)
  }

  @Test(
    "However it ends, nothing is left: no program, none that a program has started, no network",
    .needsNetworks("pgrep"), arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
  func ending(signal: Int32) throws {
    let world = try TUNWorld(TUNWorld.homes("symmetric"))
    let (mark, background) = ("86399.\(getpid())1", "86399.\(getpid())2")
    // Programs that would rather go on, in another session too.
    let stubborn = """
      trap : INT TERM HUP; setsid sleep \(background) & while :; do sleep \(mark); done
      """
    let program = try world.machine.start(
      "exec " + world.command([("alice", stubborn), ("bob", "exec sleep \(mark)")]),
      output: world.folder.path + "/log")
    func count(_ mark: String) throws -> Int {
      Int(try Program.run("pgrep", ["-c", "-f", "^sleep \(mark)"]).output.filter(\.isNumber)) ?? 0
    }
    try waitFor("the programs") { try count(mark) == 2 && count(background) == 1 }
    let code = program.stop(signal)
    #expect(code == (signal == SIGKILL ? 128 + SIGKILL : 130))
    try waitFor("the programs' end") { try count(mark) + count(background) == 0 }
    #expect(try world.state() == world.stateBefore)
  }

  @Test(
    "A program that crashes ends with what it has started, and the others go on", .needsNetworks())
  func crash() throws {
    let world = try TUNWorld(TUNWorld.homes("symmetric"))
    let mark = "86399.\(getpid())3"
    let output = try world.run([
      ("alice", "sleep \(mark) & kill -SEGV $$"),
      ("bob", "sleep 0.5"),
    ])
    #expect(output.contains("alice: ended, exit code 139\n"), "\(output)")
    #expect(output.contains("bob: ended, exit code 0\n"))
    #expect(try Program.run("pgrep", ["-f", "^sleep \(mark)"]).output == "")
    #expect(output.hasSuffix("exit 139\n"))
  }

  @Test(
    "What is wrong is told in one line before anything is made", .needsNetworks(),
    arguments: [
      ("alise=true", "draws no host 'alise'; did you mean 'alice', ", ":2:6?\nexit 64\n"),
      ("moon=true", "draws no host 'moon'", "\nexit 64\n"),
      ("home=true", "--run: home is a router; programs run on hosts", "\nexit 64\n"),
      ("stun.example=true", "--run: stun.example runs a server of the world's own", "\nexit 64\n"),
    ])
  func wrong(run: String, message: String, end: String) throws {
    let world = try TUNWorld(TUNWorld.homes("symmetric"))
    let output = try world.machine.run(
      world.command([]) + " --run '\(run)' 2>&1; echo exit $?")
    #expect(output.contains(message), "\(output)")
    #expect(output.hasSuffix(end))
    #expect(output.count { $0 == "\n" } == 2)
  }

  @Test("A wrong line of the world has file, line and column", .needsNetworks())
  func wrongLine() throws {
    let world = try TUNWorld("router home symmetric\nhost alice behind hone")
    #expect(
      try world.run([("alice", "true")])
        == """
        \(world.folder.path)/world:2:19: there is no router 'hone'; did you mean 'home'?
        exit 65

        """)
  }

  @Test("The world may come from standard input, and nobody need run a program", .needsNetworks())
  func input() throws {
    let world = try TUNWorld("router home symmetric\nhost alice behind home")
    let output = try world.machine.run(
      "\(Program.executable) nat --tun --run alice='echo here' <'\(world.folder.path)/world'")
    #expect(output.contains("alice: here\n"), "\(output)")
    let program = try world.machine.start(
      "exec " + world.command([]), output: world.folder.path + "/log")
    var log = ""
    try waitFor("the way in") {
      log = try String(contentsOfFile: world.folder.path + "/log", encoding: .utf8)
      return log.contains("on alice: nsenter --net=/proc/\(program.process)/fd/")
    }
    #expect(program.stop(SIGINT) == 130)
  }

  @Test("Who is not root is told so in one line, with 69", .needs("unshare"))
  func notRoot() throws {
    let result = try Program.run(
      "unshare",
      ["--user", Program.executable, "nat", "--tun", "/nowhere/world", "--run", "alice=true"])
    #expect(result.exitCode == 69)
    #expect(
      result.errorOutput == """
        workbook: nat --tun makes network devices, for which it must be root; run it with sudo

        """)
  }
}
