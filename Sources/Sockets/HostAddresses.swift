import Glibc
public import TransportAddress

/// The addresses of this host's interfaces.
///
/// - Throws: ``SocketError`` where the kernel does not tell.
public func hostAddresses() throws(SocketError) -> Set<IPAddress> {
  var list: UnsafeMutablePointer<ifaddrs>?
  guard getifaddrs(&list) == 0 else { throw SocketError("list this host's addresses") }
  defer { freeifaddrs(list) }
  var addresses: Set<IPAddress> = []
  var next = list
  while let entry = next?.pointee {
    next = entry.ifa_next
    // An interface without addresses is an entry too.
    guard let address = entry.ifa_addr else { continue }
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      let bits = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
      addresses.insert(.v4(IPv4Address(rawValue: UInt32(bigEndian: bits))))
    case AF_INET6:
      let v6 = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self).sin6_addr
      let address = withUnsafeBytes(of: v6) { bytes in
        IPv6Address(
          high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
          low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
      }
      addresses.insert(.v6(address))
    default: break
    }
  }
  return addresses
}
