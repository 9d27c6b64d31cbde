import ByteOrder
import Capture
import STUNCodec
import TransportAddress

/// A message with everything that can be said of it, for people and for programs.
public struct DecodedMessage: Sendable, Encodable {
  /// Something that breaks a specification.
  public struct Problem: Sendable, Encodable {
    /// Where, counted in bytes from the message's first.
    public var offset: Int
    /// The field's name.
    public var field: String
    /// What is wrong, with the section that says so.
    public var message: String
  }

  /// `STUN`, `ChannelData`, or `malformed` for what could not be read to its end.
  public var kind: String
  /// The frame it ends in, counted from 1.
  public var frame: Int?
  /// Seconds since the capture's first message.
  public var seconds: Double?
  /// Which clock recorded it, counted from 1, where the capture has several.
  public var clock: Int?
  /// Seconds since that clock's first message.
  public var clockSeconds: Double?
  /// `UDP`, `TCP`, `inside` another message, or `ICMP error about`.
  public var transport: String?
  /// `RFC 4571` or `multiplexed TURN`, where something stands around the message.
  public var framing: String?
  /// The session of Microsoft's multiplexed TURN, in hexadecimal.
  public var sessionID: String?
  /// The sender's transport address.
  public var source: String?
  /// The receiver's transport address.
  public var destination: String?

  /// The specification that it follows, where that is not RFC 8489.
  public var dialect: String?
  /// Class and method as one number.
  public var type: UInt16?
  /// The class: `request`, `success response`.
  public var `class`: String?
  /// The method's name in the message's dialect.
  public var method: String?
  /// The header's length field.
  public var length: Int?
  /// The transaction ID in hexadecimal.
  public var transactionID: String?
  /// The attributes in their order.
  public var attributes: [Attribute] = []
  /// `verified`, `wrong` or `absent`.
  public var fingerprint: String?
  /// What the checks of the integrity attributes have shown.
  public var integrity: [KeyRing.Check] = []

  /// The channel number of ChannelData.
  public var channel: UInt16?
  /// How many bytes of data ChannelData promises.
  public var dataLength: Int?

  /// How many bytes at the end the capture does not hold.
  public var missingBytes: Int?
  /// What is wrong with it.
  public var problems: [Problem] = []
  /// What it carries, where that is STUN again.
  public var nested: [DecodedMessage] = []
  /// All the bytes in hexadecimal.
  var bytes: HexadecimalBytes

  /// The lenient reading, where strict decoding refuses the bytes or another dialect lays them out.
  var lenient: LenientMessage?
  /// What the bytes mean, where strict decoding reads them; for drawing.
  var annotation: [AnnotatedField]?

  enum CodingKeys: String, CodingKey {
    case kind, frame, seconds, clock, clockSeconds, transport, framing, sessionID, source
    case destination, dialect
    case type, `class`, method, length, transactionID, attributes, fingerprint, integrity
    case channel, dataLength, missingBytes, problems, nested, bytes
  }

  private init(kind: String, _ content: [UInt8]) {
    self.kind = kind
    bytes = HexadecimalBytes(content: content)
  }

  /// The bytes themselves, for drawing.
  var content: [UInt8] { bytes.content }

  /// Bytes that stand alone: a STUN message or ChannelData, sound or not.
  init(_ bytes: [UInt8], _ keys: inout KeyRing) {
    switch PacketKind(bytes) {
    case .channelData:
      do throws(STUNDecodingError) {
        let view = try ChannelDataView(bytes.span.bytes)
        let data = view.data.withUnsafeBytes { Array($0) }
        self.init(view.channel, data, bytes)
        if let inner = try? STUNMessage(data) { nested = [DecodedMessage(inner, &keys)] }
      } catch {
        self.init(kind: "ChannelData", bytes)
        problems = [Problem(error)]
      }
    default:
      do throws(STUNDecodingError) {
        self.init(try STUNMessage(bytes), &keys)
      } catch {
        if let lenient = LenientMessage(bytes),
          lenient.transactionID.hasCookie || lenient.isMessageWithoutCookie
        {
          self.init(lenient, missing: 0, &keys)
        } else {
          self.init(kind: "malformed", bytes)
          problems = [Problem(error)]
        }
      }
    }
  }

  /// A message from a capture, whose time the line must have observed.
  init(_ captured: CapturedMessage, _ timeLine: TimeLine, _ keys: inout KeyRing) {
    switch captured.content {
    case .message(let message): self.init(message, &keys)
    case .channelData(let channel, let data):
      self.init(channel, data, captured.bytes)
      if captured.bytes.count >= 4 {
        dataLength = Int(captured.bytes.bigEndian16(at: 2))
      }
    case .lenient(let message):
      self.init(message, missing: captured.missingByteCount, &keys)
    case .malformed(let error):
      self.init(kind: "malformed", captured.bytes)
      if captured.missingByteCount == 0 { problems = [Problem(error)] }
    }
    frame = captured.frameNumber
    seconds = Double(captured.time &- timeLine.start) / 1e9
    let place = timeLine.place(of: captured.time)
    if place.clock > 1 { (clock, clockSeconds) = place }
    transport = captured.transport.rawValue
    switch captured.framing {
    case .none: break
    case .rfc4571: framing = "RFC 4571"
    case .multiplexedTURN(let id):
      framing = "multiplexed TURN"
      sessionID = Hexadecimal.number(id, digits: 16).dropFirst(2).lowercased()
    }
    source = captured.source.description
    destination = captured.destination.description
    if captured.missingByteCount > 0 { missingBytes = captured.missingByteCount }
    nested = captured.nested.map { DecodedMessage($0, timeLine, &keys) }
  }

  private init(_ channel: ChannelNumber, _ data: [UInt8], _ bytes: [UInt8]) {
    self.init(kind: "ChannelData", bytes)
    self.channel = channel.rawValue
    dataLength = data.count
    if !channel.isValid {
      problems = [
        Problem(
          offset: 0, field: "Channel Number",
          message: "\(channel) is of RFC 5766's range; RFC 8656 §12 allows 0x4000 to 0x4FFF")
      ]
    }
  }

  private init(_ message: STUNMessage, _ keys: inout KeyRing) {
    self.init(kind: "STUN", message.bytes)
    type = message.type.rawValue
    self.class = message.type.class.description
    method = message.type.method.description
    length = message.bytes.count - STUNHeader.byteCount
    transactionID = message.transactionID.description
    let all = message.allAttributes
    let shown = Dialect.shown(by: all)
    if shown != .standard { dialect = shown.rawValue }
    attributes = all.map { Attribute($0, in: message, shown) }
    switch message.verifyFingerprint() {
    case .verified: fingerprint = "verified"
    case .absent: fingerprint = "absent"
    case .wrong: fingerprint = "wrong"
    }
    integrity = keys.checks(of: message)
    let fields = STUNAnnotation.fields(of: message.bytes)
    annotation = fields
    problems = fields.filter(\.isProblem).map {
      Problem(offset: $0.byteRange.lowerBound, field: $0.name, message: $0.meaning)
    }
    problems += omissions(message.type)
    for check in integrity where check.result == "wrong" {
      let offset =
        message.attributes.first { "\($0.type)" == check.attribute }?.byteOffset ?? 0
      problems.append(
        Problem(
          offset: offset, field: check.attribute,
          message: keys.passwords.count == 1
            ? "does not fit the password given" : "fits none of the passwords given"))
    }
  }

  private init(_ message: LenientMessage, missing: Int, _ keys: inout KeyRing) {
    let isReadable =
      message.isCutByCapture || (message.dialect != .standard && message.hasWholeAttributes)
    self.init(kind: isReadable ? "STUN" : "malformed", message.bytes)
    lenient = message
    if message.dialect != .standard { dialect = message.dialect.rawValue }
    type = message.type.rawValue
    self.class =
      message.methodName == "Send" && message.type.class == .request
      ? message.type.class.description : message.messageClass.description
    method = message.methodName
    length = message.promisedByteCount
    transactionID = message.transactionID.description
    attributes = message.attributes.map { Attribute($0, in: message) }
    integrity = message.attributes.filter {
      $0.type == .messageIntegrity || $0.type == .messageIntegritySHA256
    }.map { KeyRing.Check(attribute: "\($0.type)", result: "unchecked", key: nil) }
    problems = message.problems.map {
      Problem(offset: $0.byteOffset, field: $0.field, message: $0.explanation)
    }
  }

  /// What a message of this type must have and does not.
  private func omissions(_ type: MessageType) -> [Problem] {
    let heeded = attributes.filter { !$0.isIgnored }
    func lacks(_ types: AttributeType...) -> Bool {
      !heeded.contains { attribute in types.contains { $0.rawValue == attribute.type } }
    }
    func problem(_ field: String, _ message: String) -> Problem {
      Problem(offset: content.count, field: field, message: message)
    }
    var list: [Problem] = []
    switch (type.class, type.method) {
    case (.errorResponse, _):
      if lacks(.errorCode) {
        list.append(
          problem("ERROR-CODE", "an error response must have one (RFC 8489 §6.3.1.1)"))
      }
    case (.successResponse, .binding):
      if lacks(.xorMappedAddress, .mappedAddress, .xorMappedAddressDraft) {
        list.append(
          problem(
            "XOR-MAPPED-ADDRESS", "a Binding success response must have it (RFC 8489 §6.3.1.1)"))
      }
    case (.successResponse, .allocate):
      if lacks(.xorRelayedAddress) {
        list.append(
          problem(
            "XOR-RELAYED-ADDRESS", "an Allocate success response must have it (RFC 8656 §7.2)"))
      }
      if lacks(.lifetime) {
        list.append(
          problem("LIFETIME", "an Allocate success response must have it (RFC 8656 §7.2)"))
      }
    default: break
    }
    guard type.class == .successResponse else { return list }
    // A type without a name in any dialect: `0x7F00`.
    for attribute in heeded
    where attribute.isComprehensionRequired && attribute.name.hasPrefix("0x") {
      list.append(
        Problem(
          offset: attribute.offset, field: attribute.name,
          message: "nobody may accept a success response with an unknown comprehension-required "
            + "attribute (RFC 8489 §6.3.3)"))
    }
    return list
  }
}

extension DecodedMessage.Problem {
  init(_ error: STUNDecodingError) {
    self.init(offset: error.byteOffset, field: error.field, message: error.description)
  }
}

extension DecodedMessage {
  /// Whether anything in it, or in what it carries, is not as it should be.
  public var hasProblems: Bool { !problems.isEmpty || nested.contains { $0.hasProblems } }
}

/// Bytes that are encoded as hexadecimal digits without spaces.
struct HexadecimalBytes: Sendable, Encodable {
  var content: [UInt8]

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Hexadecimal.plain(content))
  }
}

extension Hexadecimal {
  /// Hexadecimal digits without spaces.
  static func plain(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
      for (index, byte) in bytes.enumerated() {
        for (place, digit) in [byte >> 4, byte & 0xF].enumerated() {
          buffer[index * 2 + place] = digit < 10 ? 0x30 + digit : 0x57 + digit
        }
      }
      return bytes.count * 2
    }
  }
}
