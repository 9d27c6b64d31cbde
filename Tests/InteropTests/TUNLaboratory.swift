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

  /// Has the NAT print its table.
  func showTable() throws {
    kill(nat.process, SIGUSR1)
    try waitFor("the table") { log.contains("\"table\"") }
  }

  /// Ends the NAT, and gives its exit code.
  func stop() -> Int32 { nat.stop() }
}
