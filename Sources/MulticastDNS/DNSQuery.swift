internal import ByteOrder

/// A query with one question, as Chromium's responder reads one.
///
/// It passes over messages with more questions, and those whose class has the bit that asks for a unicast
/// response (RFC 6762 §5.4): who asks from another port than 5353 gets one without it (RFC 6762 §6.7).
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |              ID               |QR|OPCODE |flags     | RCODE   |   0
/// +-------------------------------+-------------------------------+
/// |       QDCOUNT: questions      |       ANCOUNT: answers        |   1, 0
/// +-------------------------------+-------------------------------+
/// |   NSCOUNT: authority records  |  ARCOUNT: additional records  |   0, 0
/// +-------------------------------+-------------------------------+
/// |  the name, then QTYPE and QCLASS, 16 bits each
/// ```
public struct DNSQuery: Hashable, Sendable {
  /// What the answer repeats, if it comes by unicast.
  public var id: UInt16
  /// The name that is asked for.
  public var name: DNSName
  /// Which of its records are asked for.
  public var type: DNSRecordType

  /// A query.
  public init(id: UInt16, name: DNSName, type: DNSRecordType) {
    (self.id, self.name, self.type) = (id, name, type)
  }

  /// The message.
  public var bytes: [UInt8] {
    var message = [UInt8](repeating: 0, count: 12) + name.bytes + [0, 0, 0, 0]
    let end = message.count
    var span = message.mutableSpan
    var raw = span.mutableBytes
    raw.storeBigEndian(id, at: 0)
    raw.storeBigEndian(1 as UInt16, at: 4)
    raw.storeBigEndian(type.rawValue, at: end - 4)
    // The class of the Internet.
    raw.storeBigEndian(1 as UInt16, at: end - 2)
    return message
  }
}
