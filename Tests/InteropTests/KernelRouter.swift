import Glibc
import TestSupport

/// A network namespace of the test's own, in which the kernel masquerades between two TUN devices.
///
///     test ──write──▶ pf-in │ 10.0.0.1   kernel   203.0.113.7 │ pf-out ──read──▶ test
///
/// A packet that is written to one device has gone through the kernel when `write` returns: what
/// cannot be read from the other one then was dropped. The namespace goes when the object goes.
final class KernelRouter {
  struct Unavailable: Error, CustomStringConvertible {
    var description: String
  }

  private let namespace: String
  private var inside: Int32 = -1
  private var outside: Int32 = -1

  /// Whether this machine can do it: root, `ip`, `nft` and TUN devices.
  static let isAvailable: Bool =
    geteuid() == 0 && access("/dev/net/tun", R_OK | W_OK) == 0
    && (try? shell("command -v ip && command -v nft")) != nil

  /// - Parameters:
  ///   - masquerade: the rule, such as `masquerade` or `masquerade fully-random`.
  ///   - acceptsInput: whether the INPUT chain accepts packets to the router itself. What the router
  ///     answers by itself is dropped, so that only what it forwards is read.
  ///   - forwardsAnswersOnly: whether the FORWARD chain is Docker's: what comes from the inside, and to
  ///     the inside what belongs to a known flow.
  init(
    _ masquerade: String, number: Int, acceptsInput: Bool = false,
    forwardsAnswersOnly: Bool = false
  ) throws {
    guard Self.isAvailable else {
      throw Unavailable(description: "this needs root, /dev/net/tun, iproute2 and nftables")
    }
    namespace = "pathfinder-\(getpid())-\(number)"
    try Self.shell("ip netns add \(namespace)")
    do {
      inside = try Self.openTUN("pf-in", in: namespace)
      outside = try Self.openTUN("pf-out", in: namespace)
      // A home router's input chain drops: a packet to itself that it accepts leaves an entry that
      // takes a port.
      let policy = acceptsInput ? "accept" : "drop"
      let forwarding =
        forwardsAnswersOnly
        ? """
        nft 'add chain ip filter forward { type filter hook forward priority 0; policy drop; }'
        nft add rule ip filter forward oifname pf-in ct state related,established accept
        nft add rule ip filter forward iifname pf-in oifname != pf-in accept
        """ : ""
      try Self.shell(
        """
        set -e
        ip netns exec \(namespace) sh -e <<'END'
        sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1
        sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
        ip address add 10.0.0.1/24 dev pf-in
        ip address add 203.0.113.7/24 dev pf-out
        ip link set pf-in up
        ip link set pf-out up
        sysctl -qw net.ipv4.conf.pf-in.rp_filter=0 net.ipv4.conf.pf-out.rp_filter=0
        ip route add default dev pf-out
        nft add table ip nat
        nft 'add chain ip nat post { type nat hook postrouting priority 100; }'
        nft add rule ip nat post oifname pf-out \(masquerade)
        nft add table ip filter
        nft 'add chain ip filter input { type filter hook input priority 0; policy \(policy); }'
        nft 'add chain ip filter output { type filter hook output priority 0; policy drop; }'
        \(forwarding)
        sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=1
        END
        """)
    } catch {
      close()
      throw error
    }
  }

  deinit { close() }

  private func close() {
    if inside >= 0 { _ = Glibc.close(inside) }
    if outside >= 0 { _ = Glibc.close(outside) }
    _ = try? Self.shell("ip netns del \(namespace)")
  }

  /// Sends a packet from the inside; what comes out, or nil if it was dropped.
  func outbound(_ bytes: [UInt8]) -> [UInt8]? { pass(bytes, from: inside, to: outside) }

  /// Sends a packet from the outside; what comes in, or nil if it was dropped.
  func inbound(_ bytes: [UInt8]) -> [UInt8]? { pass(bytes, from: outside, to: inside) }

  private func pass(_ bytes: [UInt8], from source: Int32, to destination: Int32) -> [UInt8]? {
    guard write(source, bytes, bytes.count) == bytes.count else { return nil }
    var buffer = [UInt8](repeating: 0, count: 2048)
    let count = read(destination, &buffer, buffer.count)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  /// Runs a shell script where the kernel's NAT is, and gives what it printed.
  func run(_ script: String) throws -> String {
    try Self.shell("ip netns exec \(namespace) sh -c '\(script)'")
  }

  // MARK: - The system

  @discardableResult
  private static func shell(_ script: String) throws -> String {
    let result = try Program.run("/bin/sh", ["-c", script])
    guard result.exitCode == 0 else {
      throw Unavailable(description: "\(result.errorOutput)")
    }
    return result.output
  }

  /// Opens a TUN device in another network namespace; only the opening thread goes there, and
  /// comes back.
  static func openTUN(_ name: String, in namespace: String) throws -> Int32 {
    typealias SetNS = @convention(c) (Int32, Int32) -> Int32
    guard let symbol = dlsym(nil, "setns") else { throw Unavailable(description: "no setns") }
    let setns = unsafeBitCast(symbol, to: SetNS.self)
    let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
    let there = open("/var/run/netns/\(namespace)", O_RDONLY | O_CLOEXEC)
    defer {
      _ = Glibc.close(home)
      _ = Glibc.close(there)
    }
    guard home >= 0, there >= 0, setns(there, 0) == 0 else {
      throw Unavailable(description: "the namespace cannot be entered")
    }
    defer { _ = setns(home, 0) }
    let descriptor = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK)
    // struct ifreq: the name in 16 bytes, then the flags IFF_TUN and IFF_NO_PI
    var request = [UInt8](repeating: 0, count: 40)
    for (index, byte) in name.utf8.enumerated() { request[index] = byte }
    request[16] = 0x01
    request[17] = 0x10
    let setInterface: UInt = 0x4004_54CA  // TUNSETIFF
    guard descriptor >= 0, ioctl(descriptor, setInterface, &request) == 0 else {
      throw Unavailable(description: "a TUN device cannot be made")
    }
    return descriptor
  }
}
