/// The type of a record, or the one that a question is for (RFC 1035 §3.2.2).
public struct DNSRecordType: RawRepresentable, Hashable, Sendable {
  /// The number that the registry gives it.
  public let rawValue: UInt16

  /// The type with this number.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// An IPv4 address (RFC 1035 §3.4.1).
  public static let a = DNSRecordType(rawValue: 1)
  /// An IPv6 address (RFC 3596 §2.1).
  public static let aaaa = DNSRecordType(rawValue: 28)
  /// Which types of records a name has, and so which it has not (RFC 6762 §6.1).
  public static let nsec = DNSRecordType(rawValue: 47)
}
