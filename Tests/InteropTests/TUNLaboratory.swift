import FoundationEssentials
import Glibc
import TestSupport

/// A host behind `workbook nat --tun`, and a router outside that knows a host farther away:
///
///     home 10.0.0.2 ─ tun0 ─ NAT 203.0.113.7 ─ tun0 ─ 203.0.113.254 street 198.51.100.1 ─ far
///
/// Street has 203.0.113.253 too, and far is 198.51.100.9.
final class TUNLaboratory {
  let home: TestNetwork
  let street: TestNetwork
  let far: TestNetwork
  let folder: Folder
  private let nat: BackgroundProgram

  /// What the NAT has printed: JSON, an object a line.
  var log: String {
    String(
      decoding: FileManager.default.contents(atPath: folder.path + "/nat.log") ?? Data(),
      as: UTF8.self)
  }

  /// - Parameter options: of `nat`, besides the devices.
  init(_ options: [String] = []) throws {
    home = try TestNetwork("home")
    street = try TestNetwork("street")
    far = try TestNetwork("far")
    folder = try Folder()
    try TestNetwork.connect(
      street, "far0", "198.51.100.1/24", to: far, "street0", "198.51.100.9/24")
    try street.run("sysctl -qw net.ipv4.ip_forward=1")
    try far.run("ip route add default via 198.51.100.1")
    nat = try BackgroundProgram(
      [Program.executable, "nat", "--tun", "--json"]
        + ["--inside", home.name + "/tun0", "--outside", street.name + "/tun0"] + options,
      output: folder.path + "/nat.log")
    try waitFor("the NAT to be ready") { log.contains("\"ready\"") }
  }

  deinit {
    nat.stop()
    folder.remove()
  }

  /// Sends a datagram of each of so many flows from home to far, which answers them.
  ///
  /// - Parameter seconds: the time between the first and the last.
  /// - Returns: how many answers came back.
  func burst(flows: Int, over seconds: Double) throws -> Int {
    // 33 is SO_RCVBUFFORCE, which Python has no name for.
    let server = try far.start(
      """
      exec python3 -c "
      import socket
      server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      server.setsockopt(socket.SOL_SOCKET, 33, 1 << 25)
      server.bind(('198.51.100.9', 9))
      while True:
          data, source = server.recvfrom(64)
          server.sendto(data, source)"
      """)
    defer { server.stop() }
    try waitFor("the server") {
      (try? far.run("ss -Huln 'sport = 9' | grep -q .")) != nil
    }
    // Neighbours are found before it counts, for the kernel holds back three packets only.
    try home.run("ping -c 1 -W 2 198.51.100.9 >/dev/null")
    let answered = try home.run(
      """
      ulimit -n 8192
      python3 -c "
      import select, socket, time
      sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(\(flows))]
      for each in sockets: each.setblocking(False)
      ready = select.epoll()
      for each in sockets: ready.register(each, select.EPOLLIN)
      start = time.monotonic()
      for number, each in enumerate(sockets):
          while time.monotonic() < start + \(seconds) * number / \(flows): pass
          each.sendto(b'?', ('198.51.100.9', 9))
      answered = set()
      # Silence for so long is its end.
      while len(answered) < \(flows) and (found := ready.poll(1)):
          for descriptor, _ in found:
              answered.add(descriptor)
              ready.unregister(descriptor)
      print(len(answered))"
      """)
    return Int(answered.filter(\.isNumber)) ?? -1
  }

  /// Has the NAT print its table.
  func showTable() throws {
    kill(nat.process, SIGUSR1)
    try waitFor("the table") { log.contains("\"table\"") }
  }

  /// Ends the NAT, and gives its exit code.
  func stop() -> Int32 { nat.stop() }
}
