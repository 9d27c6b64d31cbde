import Glibc
import TransportAddress

/// Sockets that receive what is sent to a multicast group.
///
/// They are bound to the group's own address, so that they take nothing that is sent to this host alone from
/// another program at the same port.
extension UDPSocket {
  /// Opens a socket at a group's address that has joined it on one interface; other programs may have the
  /// same port.
  ///
  /// - Returns: the descriptor.
  static func openGroup(
    _ group: TransportAddress, interface: UInt32
  ) throws(SocketError) -> Int32 {
    let family: Int32 =
      switch group.address {
      case .v4: AF_INET
      case .v6: AF_INET6
      }
    let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(family, kind, 0)
    let attempt = "join \(group) on interface \(interface)"
    guard descriptor >= 0 else { throw SocketError(attempt) }
    let isJoined =
      switch group.address {
      case .v4(let address): join(descriptor, address, port: group.port, interface: interface)
      case .v6(let address): join(descriptor, address, port: group.port, interface: interface)
      }
    guard isJoined else {
      let error = SocketError(attempt)
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func join(
    _ descriptor: Int32, _ group: IPv4Address, port: UInt16, interface: UInt32
  ) -> Bool {
    var local = sockaddr_in()
    local.sin_family = sa_family_t(AF_INET)
    local.sin_port = port.bigEndian
    local.sin_addr.s_addr = group.rawValue.bigEndian
    var request = ip_mreqn()
    request.imr_multiaddr = local.sin_addr
    request.imr_ifindex = Int32(bitPattern: interface)
    return set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1 as Int32)
      && set(descriptor, Int32(IPPROTO_IP), IP_PKTINFO, 1 as Int32)
      // Without it a socket receives what any other of this host has joined.
      && set(descriptor, Int32(IPPROTO_IP), IP_MULTICAST_ALL, 0 as Int32)
      && bind(descriptor, to: &local)
      && set(descriptor, Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, request)
  }

  private static func join(
    _ descriptor: Int32, _ group: IPv6Address, port: UInt16, interface: UInt32
  ) -> Bool {
    var local = sockaddr_in6()
    local.sin6_family = sa_family_t(AF_INET6)
    local.sin6_port = port.bigEndian
    withUnsafeMutableBytes(of: &local.sin6_addr) { bytes in
      bytes.storeBytes(of: group.high.bigEndian, as: UInt64.self)
      bytes.storeBytes(of: group.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
    // A group of one link means nothing without it.
    local.sin6_scope_id = interface
    var request = ipv6_mreq()
    request.ipv6mr_multiaddr = local.sin6_addr
    request.ipv6mr_interface = interface
    return set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1 as Int32)
      && set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1 as Int32)
      && set(descriptor, Int32(IPPROTO_IPV6), IPV6_RECVPKTINFO, 1 as Int32)
      && bind(descriptor, to: &local)
      && set(descriptor, Int32(IPPROTO_IPV6), IPV6_ADD_MEMBERSHIP, request)
  }

  /// Sets an option to a number or a structure of C.
  private static func set<Value>(
    _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Value
  ) -> Bool {
    withUnsafeBytes(of: value) { bytes in
      setsockopt(descriptor, level, option, bytes.baseAddress, socklen_t(bytes.count)) == 0
    }
  }

  /// Binds a socket to an address structure of C.
  private static func bind<Address>(_ descriptor: Int32, to address: inout Address) -> Bool {
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) == 0
      }
    }
  }
}
