import Glibc
public import TURN
public import TransportAddress

/// Finds the addresses of a host, of IPv4 first.
///
/// Names are looked up by the system's resolver, which may take long.
///
/// - Returns: the endpoints; none for a name that has no address.
public func endpoints(of location: TURNURI) -> [TransportAddress] {
  let port = location.port ?? location.defaultPort
  switch location.host {
  case .address(let address): return [TransportAddress(address, port: port)]
  case .name(let name):
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var addresses: [IPAddress] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ai_next
      if let address = IPAddress(entry), !addresses.contains(address) { addresses.append(address) }
    }
    let sorted = addresses.filter(\.isV4) + addresses.filter { !$0.isV4 }
    return sorted.map { TransportAddress($0, port: port) }
  }
}

extension IPAddress {
  /// Whether the address is one of IPv4.
  var isV4: Bool { if case .v4 = self { true } else { false } }

  fileprivate init?(_ entry: addrinfo) {
    guard let address = entry.ai_addr else { return nil }
    // The text is the one form that both sides agree on.
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    guard
      getnameinfo(
        address, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
    else { return nil }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    // A link-local address has its link after a percent sign, which means nothing elsewhere.
    guard let parsed = try? IPAddress(parsing: String(decoding: bytes, as: UTF8.self)) else {
      return nil
    }
    self = parsed
  }
}
