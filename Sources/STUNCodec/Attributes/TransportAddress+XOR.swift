public import TransportAddress

extension TransportAddress {
  /// The address XORed with the magic cookie and the transaction ID (RFC 8489 §14.2).
  ///
  /// XORing twice gives the address again, so one function writes the attribute and reads it.
  @inlinable
  // snippet.xor
  public func xored(with transactionID: TransactionID) -> TransportAddress {
    let cookie = STUNHeader.magicCookie
    let port = port ^ UInt16(cookie >> 16)
    switch address {
    case .v4(let v4):
      return TransportAddress(.v4(IPv4Address(rawValue: v4.rawValue ^ cookie)), port: port)
    case .v6(let v6):
      // 128 bits are needed: the cookie's 32 and then the transaction ID's 96.
      let mask = UInt64(cookie) << 32 | UInt64(transactionID.high)
      return TransportAddress(
        .v6(IPv6Address(high: v6.high ^ mask, low: v6.low ^ transactionID.low)), port: port)
    }
  }
  // snippet.end
}
