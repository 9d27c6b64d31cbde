/// A domain name as it stands in DNS messages: labels with their lengths before them (RFC 1035 §3.1).
///
/// Names are equal whatever the case of their ASCII letters (RFC 6762 §16).
public struct DNSName: Sendable {
  /// The labels, each of 1 to 63 bytes behind its length, and the empty one at the end.
  public let bytes: [UInt8]

  /// The longest name, with all lengths (RFC 1035 §2.3.4).
  private static var byteLimit: Int { 255 }
  /// How many pointers a name may have; a writer that points to whole names needs one.
  private static var pointerLimit: Int { 32 }

  /// A name that is resolved by multicast DNS: one label and `.local`; nil for any other.
  ///
  /// Names with more labels are not asked for: they may mean something else than a host's own choice
  /// (draft-ietf-mmusic-mdns-ice-candidates §3.2.1).
  public init?(multicast text: some StringProtocol) {
    let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count == 2, (1...63).contains(labels[0].count),
      labels[1].map(Self.folded) == Array("local".utf8)
    else { return nil }
    bytes =
      [UInt8(labels[0].count)] + labels[0] + [UInt8(labels[1].count)] + labels[1] + [0]
  }

  /// Reads the name at an offset of a message, and moves the offset behind it.
  ///
  /// A pointer leads before the part of the name that it ends, so that names come to an end
  /// (RFC 1035 §4.1.4).
  init(reading message: Span<UInt8>, at offset: inout Int) throws(DNSParseError) {
    var bytes: [UInt8] = []
    var position = offset
    var part = offset
    var end: Int?
    var pointerCount = 0
    while true {
      guard position < message.count else { throw DNSParseError(.truncated, at: position) }
      let length = Int(message[position])
      switch length >> 6 {
      case 0:
        let next = position + 1 + length
        guard next <= message.count else { throw DNSParseError(.truncated, at: position) }
        guard bytes.count + 1 + length <= Self.byteLimit else {
          throw DNSParseError(.name, at: position)
        }
        for index in position..<next { bytes.append(message[index]) }
        position = next
        guard length == 0 else { continue }
        self.bytes = bytes
        offset = end ?? position
        return
      case 3:
        guard position + 1 < message.count else { throw DNSParseError(.truncated, at: position) }
        let target = (length & 0x3F) << 8 | Int(message[position + 1])
        pointerCount += 1
        guard target < part, pointerCount <= Self.pointerLimit else {
          throw DNSParseError(.pointer, at: position)
        }
        end = end ?? position + 2
        (position, part) = (target, target)
      default: throw DNSParseError(.name, at: position)
      }
    }
  }

  /// A byte as it is compared; no length is one of a letter.
  private static func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }
}

extension DNSName: Hashable {
  /// Whether two names are the same but for the case of ASCII letters.
  public static func == (left: DNSName, right: DNSName) -> Bool {
    left.bytes.count == right.bytes.count
      && zip(left.bytes, right.bytes).allSatisfy { folded($0) == folded($1) }
  }

  /// Feeds the name to a hasher, in lower case.
  public func hash(into hasher: inout Hasher) {
    for byte in bytes { hasher.combine(Self.folded(byte)) }
  }
}

extension DNSName: CustomStringConvertible {
  /// The labels with dots between them; bytes that are no printable ASCII as `\DDD` (RFC 1035 §5.1).
  public var description: String {
    var text = ""
    var index = 0
    while index < bytes.count, bytes[index] > 0 {
      if index > 0 { text += "." }
      for byte in bytes[(index + 1)...(index + Int(bytes[index]))] {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(byte))
        case 0x21...0x7E: text.unicodeScalars.append(UnicodeScalar(byte))
        default: text += "\\" + String(String(1000 + Int(byte)).dropFirst())
        }
      }
      index += 1 + Int(bytes[index])
    }
    return text
  }
}
