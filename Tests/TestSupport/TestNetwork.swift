import CLinux
import Glibc

/// A network namespace of the test's own; it goes, with every process in it, when the object goes.
///
/// Its name has this process's id and a random number: whatever an earlier run may have left behind
/// is of no consequence.
public final class TestNetwork {
  public struct Failure: Error, CustomStringConvertible {
    public var description: String

    public init(description: String) {
      self.description = description
    }
  }

  public let name: String

  /// Whether this machine can do it: root, `ip` and TUN devices.
  public static let isAvailable =
    geteuid() == 0 && access("/dev/net/tun", R_OK | W_OK) == 0 && Peer.isInstalled("ip")

  /// - Parameter purpose: a word for the name.
  public init(_ purpose: String) throws {
    _ = try Self.removingLeftovers.get()
    name = "pf-\(getpid())-\(UInt16.random(in: .min ... .max))-\(purpose)"
    try Self.shell("ip netns add \(name) && ip -n \(name) link set lo up")
  }

  /// Removes, once, what tests that crashed have left behind: their process is no more.
  private static let removingLeftovers = Result {
    try shell(
      """
      ip netns list | sed -n 's/^\\(pf-\\([0-9]*\\)-[^ ]*\\).*/\\1 \\2/p' |
        while read -r name process; do
          [ -e "/proc/$process" ] && continue
          for left in $(ip netns pids "$name"); do kill -9 "$left"; done
          ip netns del "$name"
        done
      true
      """)
  }

  deinit {
    _ = try? Self.shell(
      "for process in $(ip netns pids \(name)); do kill -9 $process; done; ip netns del \(name)")
  }

  /// Runs a shell script in it, which must succeed, and gives what it printed.
  @discardableResult
  public func run(_ script: String, seconds: Int = 60) throws -> String {
    try Self.shell(script, under: ["ip", "netns", "exec", name], seconds: seconds)
  }

  /// Starts a shell script in it that goes on beside the test.
  public func start(_ script: String, output: String = "/dev/null") throws -> BackgroundProgram {
    try BackgroundProgram(["ip", "netns", "exec", name, "sh", "-c", script], output: output)
  }

  /// Does something with this thread in it, such as opening a socket.
  public func inside<Value>(_ body: () throws -> Value) throws -> Value {
    let there = open("/var/run/netns/\(name)", O_RDONLY | O_CLOEXEC)
    defer { close(there) }
    let home = there < 0 ? -1 : linux_enter_network(there)
    guard home >= 0 else { throw Failure(description: "the namespace \(name) cannot be entered") }
    defer { linux_leave_network(home) }
    return try body()
  }

  /// Joins two of them by a cable, at whose ends are these addresses with their prefix's length.
  public static func connect(
    _ first: TestNetwork, _ device: String, _ address: String,
    to second: TestNetwork, _ otherDevice: String, _ otherAddress: String
  ) throws {
    try shell(
      """
      set -e
      ip -n \(first.name) link add \(device) type veth \\
        peer name \(otherDevice) netns \(second.name)
      ip -n \(first.name) address add \(address) dev \(device)
      ip -n \(second.name) address add \(otherAddress) dev \(otherDevice)
      ip -n \(first.name) link set \(device) up
      ip -n \(second.name) link set \(otherDevice) up
      """)
  }

  @discardableResult
  private static func shell(
    _ script: String, under command: [String] = [], seconds: Int = 60
  ) throws -> String {
    let words = command + ["sh", "-c", script]
    let result = try Program.run(words[0], Array(words.dropFirst()), seconds: seconds)
    guard result.exitCode == 0 else {
      throw Failure(
        description: "\(script)\n\(result.ending)\n\(result.output)\(result.errorOutput)")
    }
    return result.output
  }
}
