import Glibc
import TestSupport

/// A network namespace of the test's own, in which tayga, a stateless translator by RFC 6145, stands
/// between a TUN device of the test's and itself.
///
///     test ◀──▶ pf0 │ kernel │ nat64 ◀──▶ tayga
///
/// The kernel routes both ways, so that a packet loses three hops.
final class TaygaRouter {
  /// The prefix that it embeds IPv4 addresses behind, 96 bits long.
  static let prefix = "2001:db8:64::"

  private let network: TestNetwork
  private let tayga: BackgroundProgram
  private let folder: Folder
  private var device: Int32 = -1

  init() throws {
    network = try TestNetwork("tayga")
    folder = try Folder()
    try network.run(
      """
      set -e
      cat > \(folder.path)/tayga.conf <<END
      tun-device nat64
      ipv4-addr 192.168.255.1
      ipv6-addr fd64::1
      prefix \(Self.prefix)/96
      data-dir \(folder.path)
      END
      tayga -c \(folder.path)/tayga.conf --mktun >/dev/null
      sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
      ip link set nat64 up
      """)
    tayga = try network.start("exec tayga -n -d -c \(folder.path)/tayga.conf")
    device = try KernelRouter.openTUN("pf0", in: network.name)
    // What comes from the test goes to tayga, and what tayga makes of it back to the test.
    try network.run(
      """
      set -e
      # An address of its own would have the kernel report its multicast groups at any time.
      ip link set pf0 addrgenmode none up
      sysctl -qw net.ipv4.conf.pf0.rp_filter=0 net.ipv4.conf.nat64.rp_filter=0
      for family in -4 -6; do
        ip $family rule add iif pf0 lookup 100
        ip $family rule add iif nat64 lookup 101
        ip $family route add default dev nat64 table 100
        ip $family route add default dev pf0 table 101
      done
      """)
    // The device has its carrier once tayga holds its other end.
    try waitFor("tayga") {
      try network.run("ip -o link show nat64 | grep -c LOWER_UP || true") == "1\n"
    }
    while receive() != nil {}
  }

  deinit {
    if device >= 0 { close(device) }
    tayga.stop()
    folder.remove()
  }

  /// Sends a packet; what becomes of it, or nil if nothing comes within a while.
  func translate(_ packet: [UInt8]) -> [UInt8]? {
    guard write(device, packet, packet.count) == packet.count else { return nil }
    for _ in 0..<40 {
      var ready = pollfd(fd: device, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 5) > 0 else { continue }
      if let answer = receive(), isTranslation(answer, of: packet) { return answer }
    }
    return nil
  }

  /// Whether a packet has the sender that a translation must have: the kernel may say something of
  /// its own at any time.
  private func isTranslation(_ answer: [UInt8], of packet: [UInt8]) -> Bool {
    switch (packet[0] >> 4, answer[0] >> 4) {
    case (4, 6): answer[20..<24] == packet[12..<16]
    case (6, 4): answer[12..<16] == packet[20..<24]
    default: false
    }
  }

  private func receive() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(device, &buffer, buffer.count)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }
}
