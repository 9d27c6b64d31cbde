internal import CResolver
import Glibc
public import TURN
public import TransportAddress

/// Asks DNS what a ``TURN/ServerResolution`` wants to know: by the C library, which may take some
/// seconds for a query.
public struct NameService: Sendable {
  /// The IPv4 address and port of the name server; nil for the system's own.
  public var server: TransportAddress?

  /// How many records of a name count.
  private static var recordLimit: Int { 32 }

  /// Names by this server, or by the system's.
  ///
  /// - Precondition: a server's address is one of IPv4.
  public init(server: TransportAddress? = nil) {
    if let server {
      precondition(server.address.family == .ipv4, "name servers of IPv4 alone can be given")
    }
    self.server = server
  }

  /// What DNS says; addresses of IPv4 first.
  ///
  /// Without a server of its own, addresses come from wherever the system has its names: its file of
  /// hosts and the local network count, too.
  public func answer(to query: ServerResolution.Query) -> ServerResolution.Answer {
    switch query {
    case .naptr(let name):
      return records(of: name, Int32(resolver_type_naptr)).map { records in
        .naptr(records.map(NAPTRRecord.init))
      }
    case .srv(let name):
      return records(of: name, Int32(resolver_type_srv)).map { records in
        .srv(records.map(SRVRecord.init))
      }
    case .addresses(let name):
      guard server != nil else { return systemAddresses(of: name) }
      let v4 = records(of: name, Int32(resolver_type_a))
      let v6 = records(of: name, Int32(resolver_type_aaaa))
      let found =
        v4.records.map { IPAddress.v4(IPv4Address($0)) }
        + v6.records.map { IPAddress.v6(IPv6Address($0)) }
      if !found.isEmpty { return .addresses(found) }
      return v4.isUnanswered || v6.isUnanswered ? .unanswered : .nothing
    }
  }

  // MARK: - The C library

  private struct Records {
    var records: [resolver_record] = []
    var isUnanswered = false

    func map(
      _ answer: ([resolver_record]) -> ServerResolution.Answer
    ) -> ServerResolution.Answer {
      if isUnanswered { return .unanswered }
      return records.isEmpty ? .nothing : answer(records)
    }
  }

  private func records(of name: String, _ type: Int32) -> Records {
    var records = [resolver_record](repeating: .init(), count: Self.recordLimit)
    let count: Int32
    if case .v4(let address)? = server?.address, let port = server?.port {
      var raw = address.rawValue.bigEndian
      count = resolver_query(name, type, &raw, port, &records, Int32(records.count))
    } else {
      count = resolver_query(name, type, nil, 0, &records, Int32(records.count))
    }
    guard count >= 0 else { return Records(isUnanswered: true) }
    return Records(records: Array(records.prefix(Int(count))))
  }

  private func systemAddresses(of name: String) -> ServerResolution.Answer {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let error = getaddrinfo(name, nil, &hints, &list)
    guard error == 0 else { return error == EAI_AGAIN ? .unanswered : .nothing }
    defer { freeaddrinfo(list) }
    var addresses: [IPAddress] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ai_next
      if let address = IPAddress(entry), !addresses.contains(address) { addresses.append(address) }
    }
    let sorted =
      addresses.filter { $0.family == .ipv4 } + addresses.filter { $0.family == .ipv6 }
    return sorted.isEmpty ? .nothing : .addresses(sorted)
  }
}

extension SRVRecord {
  fileprivate init(_ record: resolver_record) {
    self.init(
      priority: record.first, weight: record.second, port: record.port,
      target: text(in: record.name))
  }
}

extension NAPTRRecord {
  fileprivate init(_ record: resolver_record) {
    self.init(
      order: record.first, preference: record.second, flags: text(in: record.flags),
      services: text(in: record.services), regularExpression: text(in: record.expression),
      replacement: text(in: record.name))
  }
}

extension IPv4Address {
  fileprivate init(_ record: resolver_record) {
    self.init(
      rawValue: withUnsafeBytes(of: record.address) { UInt32(bigEndian: $0.load(as: UInt32.self)) })
  }
}

extension IPv6Address {
  fileprivate init(_ record: resolver_record) {
    self = withUnsafeBytes(of: record.address) { bytes in
      IPv6Address(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }
}

/// A text that ends with a zero byte, out of an array of C.
private func text<Characters>(in characters: Characters) -> String {
  withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}

extension IPAddress {
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
