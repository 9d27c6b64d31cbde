import Glibc
public import TransportAddress

/// An interface of this host that reaches others by multicast.
public struct MulticastInterface: Hashable, Sendable {
  /// The number that the kernel gives it.
  public var index: UInt32
  /// Its first IPv4 address; nil where it has none.
  public var v4: IPv4Address?
  /// Whether it has an IPv6 address.
  public var hasV6: Bool
}

/// The interfaces of this host that are up and reach others by multicast, by their numbers.
///
/// - Throws: ``SocketError`` where the kernel does not tell.
public func multicastInterfaces() throws(SocketError) -> [MulticastInterface] {
  var list: UnsafeMutablePointer<ifaddrs>?
  guard getifaddrs(&list) == 0 else { throw SocketError("list this host's interfaces") }
  defer { freeifaddrs(list) }
  var interfaces: [UInt32: MulticastInterface] = [:]
  let wanted = UInt32(IFF_UP | IFF_MULTICAST)
  var next = list
  while let entry = next?.pointee {
    next = entry.ifa_next
    guard entry.ifa_flags & wanted == wanted, let address = entry.ifa_addr else { continue }
    let index = if_nametoindex(entry.ifa_name)
    guard index > 0 else { continue }
    var interface =
      interfaces[index] ?? MulticastInterface(index: index, v4: nil, hasV6: false)
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      let bits = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
      interface.v4 = interface.v4 ?? IPv4Address(rawValue: UInt32(bigEndian: bits))
    case AF_INET6: interface.hasV6 = true
    default: continue
    }
    interfaces[index] = interface
  }
  return interfaces.values.sorted { $0.index < $1.index }
}
