/// The byte that says how long the address after it is. RFC 8489 §14.1.
@usableFromInline
enum AddressFamily {
  @usableFromInline static let ipv4: UInt8 = 0x01
  @usableFromInline static let ipv6: UInt8 = 0x02
}
