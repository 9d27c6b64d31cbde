import ByteOrder
public import STUNCodec

/// A STUN message as far as it can be read, whatever is wrong with it, with what is wrong.
///
/// Strict decoding (`STUNMessage`) is the library's; this is for captures, where a message that is
/// not sound, or follows another specification, still has a type, a transaction ID and attributes.
public struct LenientMessage: Hashable, Sendable {
  /// One attribute, its value cut where the message is.
  public struct Attribute: Hashable, Sendable {
    /// Its type.
    public let type: AttributeType
    /// What is there of its value.
    public let value: [UInt8]
    /// Where the type stands, counted in bytes from the message's first.
    public let byteOffset: Int
    /// How long the value should be.
    public let promisedByteCount: Int

    /// Whether a part of the value is missing.
    public var isCut: Bool { value.count < promisedByteCount }
  }

  /// Something that breaks a specification, and where.
  public struct Problem: Hashable, Sendable {
    /// Counted in bytes from the message's first.
    public let byteOffset: Int
    /// The field's name in the RFC.
    public let field: String
    /// One sentence with the section that is broken.
    public let explanation: String

    /// A problem in a field at an offset.
    public init(byteOffset: Int, field: String, explanation: String) {
      self.byteOffset = byteOffset
      self.field = field
      self.explanation = explanation
    }
  }

  /// All of its bytes.
  public let bytes: [UInt8]
  /// Class and method, as RFC 8489 §5 folds them.
  public let type: MessageType
  /// The bytes that match a response with its request.
  public let transactionID: CapturedTransactionID
  /// The specification that it follows, as far as can be told.
  public let dialect: Dialect
  /// The header's length field.
  public let promisedByteCount: Int
  /// The attributes in their order; the last one may be cut.
  public let attributes: [Attribute]
  /// Whether attributes follow each other without padding.
  public let isUnpadded: Bool
  /// Whether the capture kept only the message's beginning; that is no fault of the sender.
  public let isCutByCapture: Bool
  /// What is wrong, in the order of the bytes; empty for a sound message of its dialect.
  public let problems: [Problem]

  /// Reads what there is; nil with fewer than 20 bytes, or where the first two bits are not zero.
  ///
  /// - Complexity: O(*n*) in the bytes.
  public init?(_ bytes: [UInt8], isCutByCapture: Bool = false) {
    guard let id = CapturedTransactionID(header: bytes), bytes[0] < 0x40 else { return nil }
    self.bytes = bytes
    self.isCutByCapture = isCutByCapture
    transactionID = id
    type = MessageType(rawValue: bytes.bigEndian16(at: 0))
    let promised = Int(bytes.bigEndian16(at: 2))
    promisedByteCount = promised
    let end = min(bytes.count, STUNHeader.byteCount + promised)
    let padded = Self.walk(bytes, to: end, alignment: 4)
    let unpadded = padded.isWhole ? nil : Self.walk(bytes, to: end, alignment: 1)
    // A capture's cut leaves neither whole; then the padded one is right unless the length says that
    // nobody pads here.
    let takesUnpadded =
      unpadded.map { $0.isWhole || (isCutByCapture && promised % 4 != 0) } ?? false
    isUnpadded = takesUnpadded
    let walked = takesUnpadded ? unpadded ?? padded : padded
    attributes = walked.attributes
    let dialect = Dialect.shown(
      by: walked.attributes.lazy.map(\.type.rawValue), hasCookie: id.hasCookie)
    self.dialect = dialect
    problems = Self.problems(
      bytes, end, walked, isUnpadded: takesUnpadded, isCutByCapture: isCutByCapture, id, dialect)
  }

  /// An attribute type's name in the message's dialect.
  public func name(of type: AttributeType) -> String {
    dialect.name(of: type, hasCookie: transactionID.hasCookie)
  }

  /// Whether the attributes fill the message: each is whole.
  public var hasWholeAttributes: Bool {
    attributes.allSatisfy { !$0.isCut }
      && STUNHeader.byteCount + promisedByteCount == bytes.count
  }

  /// The value of the first attribute of this type, or nil.
  public func value(of type: AttributeType) -> [UInt8]? {
    attributes.first { $0.type == type && !$0.isCut }?.value
  }

  private struct Walk {
    var attributes: [Attribute] = []
    /// Where what could not be read begins.
    var position = STUNHeader.byteCount
    /// Whether the attributes end where the message does.
    var isWhole = false
  }

  private static func walk(_ bytes: [UInt8], to end: Int, alignment: Int) -> Walk {
    var walk = Walk()
    while walk.position + 4 <= end {
      let start = walk.position
      let length = Int(bytes.bigEndian16(at: start + 2))
      let valueEnd = min(start + 4 + length, end)
      walk.attributes.append(
        Attribute(
          type: AttributeType(rawValue: bytes.bigEndian16(at: start)),
          value: Array(bytes[start + 4..<valueEnd]), byteOffset: start, promisedByteCount: length))
      guard start + 4 + length <= end else { return walk }
      walk.position = start + 4 + (length + alignment - 1) / alignment * alignment
    }
    // The last padding is often left out; then the next attribute would begin behind the end.
    walk.isWhole = walk.position >= end && walk.position - end < 4
    walk.position = min(walk.position, end)
    return walk
  }

  private static func problems(
    _ bytes: [UInt8], _ end: Int, _ walk: Walk, isUnpadded: Bool, isCutByCapture: Bool,
    _ id: CapturedTransactionID, _ dialect: Dialect
  ) -> [Problem] {
    var problems: [Problem] = []
    if id.hasCookie {
      do throws(STUNDecodingError) {
        _ = try STUNMessageView(bytes.span.bytes)
        return []
      } catch {
        if !isCutByCapture || error.code == .lengthNotMultipleOfFour {
          problems.append(
            Problem(
              byteOffset: error.byteOffset, field: error.field, explanation: error.description))
        }
      }
    }
    let promised = STUNHeader.byteCount + Int(bytes.bigEndian16(at: 2))
    if promised != bytes.count, !isCutByCapture,
      !problems.contains(where: { $0.explanation.contains("header promises") })
    {
      problems.append(
        Problem(
          byteOffset: 2, field: "Message Length",
          explanation: "the header promises \(promised - STUNHeader.byteCount) bytes after it, but "
            + "\(bytes.count - STUNHeader.byteCount) have come "
            + (id.hasCookie ? "(RFC 8489 §5)" : "(RFC 3489 §11.1)")))
    }
    // Drafts of MS-TURN's time know no padding.
    if isUnpadded, id.hasCookie || dialect == .classic,
      let first = walk.attributes.first(where: { $0.value.count % 4 != 0 })
    {
      problems.append(
        Problem(
          byteOffset: first.byteOffset + 4 + first.value.count,
          field: dialect.name(of: first.type, hasCookie: id.hasCookie),
          explanation: "the next attribute follows without padding to a multiple of 4 bytes "
            + (id.hasCookie ? "(RFC 8489 §14)" : "(RFC 3489 §11.2)")))
    }
    guard !walk.isWhole, !isCutByCapture else { return problems }
    if let last = walk.attributes.last, last.isCut {
      guard !problems.contains(where: { $0.byteOffset == last.byteOffset + 2 }) else {
        return problems
      }
      problems.append(
        Problem(
          byteOffset: last.byteOffset + 2,
          field: dialect.name(of: last.type, hasCookie: id.hasCookie),
          explanation: "its value should have \(last.promisedByteCount) bytes, but only "
            + "\(last.value.count) are left in the message (RFC 8489 §14)"))
    } else if walk.position < end {
      problems.append(
        Problem(
          byteOffset: walk.position, field: "attribute",
          explanation: "4 bytes of type and length belong here, but only \(end - walk.position) "
            + "are left (RFC 8489 §14)"))
    }
    return problems
  }
}

extension LenientMessage {
  /// The class that the sender meant: MS-TURN's Data indication has the number of an error response,
  /// and its Send request gets no response ([MS-TURN] §2.2.1).
  public var messageClass: MessageClass {
    isMicrosoftTURN && (type.rawValue == 0x0115 || type.rawValue == 0x0004)
      ? .indication : type.class
  }

  /// The method's name in its dialect: `Shared Secret`, `Set Active Destination`.
  public var methodName: String {
    guard !transactionID.hasCookie else { return type.method.description }
    if isMicrosoftTURN {
      switch type.method.rawValue {
      case 0x004: return "Send"
      case 0x005: return "Data"
      case 0x006: return "Set Active Destination"
      default: break
      }
    }
    return type.method.rawValue == 0x002 ? "Shared Secret" : type.method.description
  }

  /// Whether bytes that are said to be STUN can be a message without the magic cookie.
  public var isMessageWithoutCookie: Bool { !transactionID.hasCookie && isPossible }

  private var isMicrosoftTURN: Bool { dialect == .microsoft && !transactionID.hasCookie }

  /// Whether a message without the magic cookie can be nothing else: it holds attributes, each is one
  /// of RFC 3489 or MS-TURN with a value as its type lays it out, and every length is exact.
  var isCertain: Bool {
    guard isPossible, !attributes.isEmpty else { return false }
    if let first = attributes.first, first.type.rawValue == 0x000F,
      first.value == Dialect.microsoftCookie
    {
      return true
    }
    return attributes.allSatisfy(\.isClassic)
  }

  /// Whether a message without the magic cookie can be one: its type exists and its lengths are exact.
  var isPossible: Bool {
    guard STUNHeader.byteCount + promisedByteCount == bytes.count,
      attributes.allSatisfy({ !$0.isCut }),
      problems.isEmpty
    else { return false }
    switch type.rawValue {
    case 0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112: return true
    case 0x0003, 0x0103, 0x0113, 0x0004, 0x0115, 0x0006, 0x0106, 0x0116:
      return dialect == .microsoft
    default: return false
    }
  }
}

extension LenientMessage.Attribute {
  /// Whether it is an attribute of RFC 3489 §11.2 with a value that its type can have.
  fileprivate var isClassic: Bool {
    switch type.rawValue {
    case 0x0001, 0x0002, 0x0004, 0x0005, 0x000B:
      value.count == 8 && value[0] == 0 && value[1] == 1
    case 0x0003: value.count == 4 && value[0...2] == [0, 0, 0] && value[3] & ~0x06 == 0
    case 0x0006, 0x0007: !value.isEmpty && value.count % 4 == 0
    case 0x0008: value.count == 20
    case 0x0009: value.count >= 4 && value[0] == 0 && value[1] == 0 && (1...6).contains(value[2])
    case 0x000A: !value.isEmpty && value.count % 4 == 0
    // What servers of that time sent beyond the RFC: XOR-MAPPED-ADDRESS and SERVER.
    case 0x0020, 0x8020: value.count == 8 && value[1] == 1
    case 0x8022: !value.isEmpty
    default: false
    }
  }
}
