import ByteOrder
public import STUNCodec

/// The 16 bytes behind a header's length: magic cookie and transaction ID, or classic STUN's long ID.
public struct CapturedTransactionID: Hashable, Sendable, CustomStringConvertible {
  /// The magic cookie, or the first four bytes of a classic ID.
  public let prefix: UInt32
  /// The last twelve bytes.
  public let id: TransactionID

  /// The ID of a message with the magic cookie.
  public init(_ id: TransactionID) {
    prefix = STUNHeader.magicCookie
    self.id = id
  }

  /// The ID in a header that lies in these bytes; nil where there are fewer than 20.
  init?(header bytes: [UInt8]) {
    guard bytes.count >= STUNHeader.byteCount, let id = TransactionID(bytes[8..<20]) else {
      return nil
    }
    prefix = bytes.bigEndian32(at: 4)
    self.id = id
  }

  /// Whether the magic cookie of RFC 8489 stands there.
  public var hasCookie: Bool { prefix == STUNHeader.magicCookie }

  /// 24 hexadecimal digits, or 32 where there is no magic cookie.
  public var description: String {
    hasCookie
      ? id.description
      : Hexadecimal.number(UInt64(prefix), digits: 8).dropFirst(2).lowercased() + id.description
  }
}
