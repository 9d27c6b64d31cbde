internal import ByteOrder
public import TransportAddress

/// A response as far as a resolver of addresses reads one: A, AAAA and NSEC records, of any section
/// (RFC 1035 §4.1, RFC 6762 §18).
///
/// The header is that of ``DNSQuery``; behind the questions, which only unicast responses repeat, come the
/// records:
/// ```
/// name, TYPE (16 bits), cache-flush bit and CLASS (16), TTL (32), RDLENGTH (16), RDATA
/// ```
public struct DNSResponse: Hashable, Sendable {
  /// What a name has.
  public enum Data: Hashable, Sendable {
    /// An address.
    case address(IPAddress)
    /// Whether the name has A and AAAA records at all.
    case existence(a: Bool, aaaa: Bool)
  }

  /// A record of the Internet's class.
  public struct Record: Hashable, Sendable {
    /// Whose it is.
    public var name: DNSName
    /// For how many seconds it holds; 0 for one that holds no longer (RFC 6762 §10.1).
    public var timeToLive: UInt32
    /// What it says.
    public var data: Data
  }

  /// The query's, in a unicast response; of no meaning in a multicast one (RFC 6762 §18.1).
  public var id: UInt16
  /// The records, in the message's order.
  public var records: [Record]

  private static var headerLength: Int { 12 }

  /// Reads a message; other types and classes than the resolver's are passed over.
  ///
  /// - Throws: ``DNSParseError`` for a message that is malformed anywhere, for a query and for an error.
  /// - Complexity: O(*n*) in its bytes.
  public init(_ message: Span<UInt8>) throws(DNSParseError) {
    let raw = message.bytes
    guard message.count >= Self.headerLength else {
      throw DNSParseError(.truncated, at: message.count)
    }
    let flags = raw.bigEndian16(at: 2)
    // QR is 1, OPCODE 0.
    guard flags >> 11 == 0b1_0000 else { throw DNSParseError(.notAResponse, at: 2) }
    guard flags & 0xF == 0 else {
      throw DNSParseError(.responseCode(UInt8(flags & 0xF)), at: 2)
    }
    id = raw.bigEndian16(at: 0)
    records = []
    let questionCount = Int(raw.bigEndian16(at: 4))
    let recordCount = (3...5).reduce(0) { $0 + Int(raw.bigEndian16(at: 2 * $1)) }
    var offset = Self.headerLength
    for _ in 0..<questionCount {
      _ = try DNSName(reading: message, at: &offset)
      guard offset + 4 <= message.count else { throw DNSParseError(.truncated, at: offset) }
      offset += 4
    }
    for _ in 0..<recordCount {
      let name = try DNSName(reading: message, at: &offset)
      guard offset + 10 <= message.count else { throw DNSParseError(.truncated, at: offset) }
      let type = DNSRecordType(rawValue: raw.bigEndian16(at: offset))
      let isInternet = raw.bigEndian16(at: offset + 2) & 0x7FFF == 1
      let timeToLive = raw.bigEndian32(at: offset + 4)
      let data = offset + 10..<offset + 10 + Int(raw.bigEndian16(at: offset + 8))
      guard data.upperBound <= message.count else {
        throw DNSParseError(.truncated, at: data.lowerBound)
      }
      offset = data.upperBound
      guard isInternet, let read = try Self.read(type, message, data) else { continue }
      records.append(Record(name: name, timeToLive: timeToLive, data: read))
    }
  }

  /// What a record says; nil for types that are passed over.
  private static func read(
    _ type: DNSRecordType, _ message: Span<UInt8>, _ data: Range<Int>
  ) throws(DNSParseError) -> Data? {
    let raw = message.bytes
    switch type {
    case .a:
      guard data.count == 4 else {
        throw DNSParseError(.addressLength(data.count), at: data.lowerBound)
      }
      return .address(.v4(IPv4Address(rawValue: raw.bigEndian32(at: data.lowerBound))))
    case .aaaa:
      guard data.count == 16 else {
        throw DNSParseError(.addressLength(data.count), at: data.lowerBound)
      }
      return .address(
        .v6(
          IPv6Address(
            high: raw.bigEndian64(at: data.lowerBound),
            low: raw.bigEndian64(at: data.lowerBound + 8))))
    case .nsec: return try readExistence(message, data)
    default: return nil
    }
  }

  /// Reads the first block of the bitmap, in which both types of addresses are.
  private static func readExistence(
    _ message: Span<UInt8>, _ data: Range<Int>
  ) throws(DNSParseError) -> Data {
    var offset = data.lowerBound
    // The next name, which is the record's own (RFC 6762 §6.1).
    _ = try DNSName(reading: message, at: &offset)
    guard offset < data.upperBound else { return .existence(a: false, aaaa: false) }
    guard offset + 2 <= data.upperBound, case let count = Int(message[offset + 1]),
      (1...32).contains(count), offset + 2 + count <= data.upperBound
    else { throw DNSParseError(.typeBitmap, at: offset) }
    guard message[offset] == 0 else { return .existence(a: false, aaaa: false) }
    func has(_ type: DNSRecordType) -> Bool {
      let (byte, bit) = Int(type.rawValue).quotientAndRemainder(dividingBy: 8)
      return byte < count && message[offset + 2 + byte] & 0x80 >> bit != 0
    }
    return .existence(a: has(.a), aaaa: has(.aaaa))
  }
}
