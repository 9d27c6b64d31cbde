import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `workbook nat --tun -- COMMAND`, in a namespace that plays the user's machine.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(2))) struct TUNCommandTests {
  /// All that the machine's network consists of.
  private func state(of machine: TestNetwork) throws -> String {
    try machine.run(
      """
      ip -o link; ip -o address; ip route show table all; ip rule
      sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.ipv6.conf.all.disable_ipv6
      """)
  }

  private func names(_ command: String) -> String {
    "\(Program.executable) nat --tun --quiet -- \(command)"
  }

  @Test(
    "A command runs behind the NAT, its output is its own, and its exit code comes through",
    .needsNetworks("ping"))
  func command() throws {
    let machine = try TestNetwork("machine")
    let before = try state(of: machine)
    let output = try machine.run(names("ping -c 1 -W 2 203.0.113.254"))
    #expect(output.hasPrefix("PING"))
    #expect(output.contains(" 0% packet loss"))
    let seen = try machine.run(
      "\(Program.executable) nat --tun --json -- sh -c 'exit 7' 2>/dev/null || echo $?")
    #expect(seen == "7\n")
    #expect(try state(of: machine) == before)
  }

  @Test(
    "What a command sends just before it ends still goes out", .needsNetworks("python3"))
  func lastPackets() throws {
    let machine = try TestNetwork("machine")
    // 32 is SO_SNDBUFFORCE, which Python has no name for.
    let end = try machine.run(
      """
      \(Program.executable) nat --tun --json -- python3 -c "
      import os, socket
      sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      sender.setsockopt(socket.SOL_SOCKET, 32, 1 << 25)
      for port in range(1, 1001): sender.sendto(b'last words', ('203.0.113.254', port))
      os._exit(0)" 2>&1 | tail -n 1
      """)
    #expect(end.contains("\"outbound\":1000,"), "\(end)")
  }

  @Test("What it prints as JSON is documented", .needsNetworks("ping"))
  func json() throws {
    let machine = try TestNetwork("machine")
    let output = try machine.run(
      "\(Program.executable) nat --tun --json -- ping -c 1 -W 5 203.0.113.254 2>&1")
    let schema = try JSONSchema.documented()
    var results: [JSONValue?] = []
    for line in output.split(separator: "\n") where line.hasPrefix("{") {
      let value = try JSONValue(line)
      results.append(value["result"])
      let section = value["result"] == .string("table") ? "nat" : "nat --tun"
      #expect(schema.problems(of: value, in: section) == [], "\(line)")
    }
    #expect(results.first == .string("ready"))
    #expect(results.last == .string("ended"))
    #expect(results.contains(.string("mapping")))
  }

  @Test(
    "A command that cannot be started is named, with a shell's exit code", .needsNetworks(),
    arguments: [
      ("/no/such/program", "No such file or directory", 127),
      ("nosuchprogram", "No such file or directory", 127), ("/etc", "Permission denied", 126),
      ("/etc/passwd", "Permission denied", 126),
    ])
  func cannotStart(command: String, reason: String, code: Int) throws {
    let machine = try TestNetwork("machine")
    let before = try state(of: machine)
    let output = try machine.run(names(command) + " 2>&1 || echo $?")
    #expect(output == "workbook: cannot start \(command): \(reason)\n\(code)\n")
    #expect(try state(of: machine) == before)
  }

  @Test(
    "Where there are no TUN devices it says how to get them", .needsNetworks("unshare", "mount"))
  func noDevice() throws {
    let machine = try TestNetwork("machine")
    let output = try machine.run(
      """
      unshare --mount sh -c "mount -t tmpfs none /dev/net && \(names("true"))" 2>&1 || echo $?
      """)
    #expect(
      output == """
        workbook: cannot open the TUN device nat0: No such file or directory; \
        load the driver with: modprobe tun; in a container, start it with \
        --device /dev/net/tun --cap-add NET_ADMIN
        69

        """)
  }

  @Test(
    "However it ends, the machine's network is as it was, and the command has ended too",
    .needsNetworks(), arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
  func ending(signal: Int32) throws {
    let machine = try TestNetwork("machine")
    let before = try state(of: machine)
    let folder = try Folder()
    defer { folder.remove() }
    // A command that would rather go on.
    let stubborn =
      "sh -c 'trap : INT TERM HUP; echo $$ >\(folder.path)/process; while :; do sleep 1; done'"
    let program = try machine.start(
      "exec \(Program.executable) nat --tun --quiet -- \(stubborn)", output: folder.path + "/log")
    func process() -> Int32? {
      (try? String(contentsOfFile: folder.path + "/process", encoding: .utf8))
        .flatMap { Int32($0.filter(\.isNumber)) }
    }
    try waitFor("the command") { process() != nil }
    #expect(try state(of: machine) != before)
    let code = program.stop(signal)
    #expect(code == (signal == SIGKILL ? 128 + SIGKILL : 130))
    #expect(try state(of: machine) == before)
    if signal == SIGKILL {
      // Nobody is left who could use force; the network is gone from under it all the same.
      try waitFor("the command's network") {
        try Program.run("nsenter", ["-n", "-t", "\(process() ?? 0)", "ip", "-o", "link"])
          .output.contains("nat0") == false
      }
      process().map { _ = kill($0, SIGKILL) }
    } else {
      #expect(process().map { kill($0, 0) } == -1)
    }
  }

  @Test("What it makes is gone when the second half of it cannot be made", .needsNetworks())
  func failure() throws {
    let machine = try TestNetwork("machine")
    try machine.run("ip address add 203.0.113.1/24 dev lo")
    let before = try state(of: machine)
    let result = try machine.run(names("true") + " 2>&1 || echo $?")
    #expect(
      result == """
        workbook: cannot use the network of 203.0.113.7, which is at lo already: \
        Address already in use
        69

        """)
    #expect(try state(of: machine) == before)
  }

  @Test(
    "Who is not root is told so in one line, with 69, before anything is made", .needs("unshare"))
  func notRoot() throws {
    // As in a user namespace where this user is nobody.
    let result = try Program.run(
      "unshare", ["--user", Program.executable, "nat", "--tun", "--", "true"])
    #expect(result.exitCode == 69)
    #expect(result.output == "")
    #expect(
      result.errorOutput == """
        workbook: nat --tun makes network devices, for which it must be root; run it with sudo

        """)
  }
}
