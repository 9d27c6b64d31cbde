import Capture
import STUNCodec
import TransportAddress

/// A message with everything that can be said of it, for people and for programs.
public struct DecodedMessage: Sendable, Encodable {
  public struct Attribute: Sendable, Encodable {
    public var type: UInt16
    public var name: String
    public var offset: Int
    public var length: Int
    /// The value's bytes in hexadecimal.
    public var value: String
    public var isComprehensionRequired: Bool
    public var isIgnored: Bool
    /// The value's parts by name, where the type is known and the value sound.
    public var fields: [String: String]
  }

  public struct Problem: Sendable, Encodable {
    public var offset: Int
    public var field: String
    public var message: String
  }

  public var kind: String
  public var frame: Int?
  /// Seconds since the capture's first message.
  public var seconds: Double?
  public var transport: String?
  public var source: String?
  public var destination: String?

  public var type: UInt16?
  public var `class`: String?
  public var method: String?
  public var length: Int?
  public var transactionID: String?
  public var attributes: [Attribute] = []
  public var fingerprint: String?
  public var integrity: [KeyRing.Check] = []

  public var channel: UInt16?
  public var dataLength: Int?

  public var problems: [Problem] = []
  public var nested: [DecodedMessage] = []
  /// All the bytes in hexadecimal.
  public var bytes: String

  /// The bytes themselves, for drawing.
  var content: [UInt8]

  enum CodingKeys: String, CodingKey {
    case kind, frame, seconds, transport, source, destination
    case type, `class`, method, length, transactionID, attributes, fingerprint, integrity
    case channel, dataLength, problems, nested, bytes
  }

  private init(kind: String, _ content: [UInt8]) {
    self.kind = kind
    self.content = content
    bytes = Hexadecimal.text(content).replacing(" ", with: "")
  }

  /// Bytes that stand alone: a STUN message or ChannelData, sound or not.
  init(_ bytes: [UInt8], _ keys: inout KeyRing) {
    switch PacketKind(bytes) {
    case .channelData:
      do throws(STUNDecodingError) {
        let view = try ChannelDataView(bytes.span.bytes)
        self.init(view.channel, view.data.withUnsafeBytes { Array($0) }, bytes)
        let data = view.data.withUnsafeBytes { Array($0) }
        if let inner = try? STUNMessage(data) { nested = [DecodedMessage(inner, &keys)] }
      } catch {
        self.init(kind: "ChannelData", bytes)
        problems = [Problem(error)]
      }
    default:
      do throws(STUNDecodingError) {
        self.init(try STUNMessage(bytes), &keys)
      } catch {
        self.init(kind: "malformed", bytes)
        problems = [Problem(error)]
      }
    }
  }

  /// A message from a capture.
  init(_ captured: CapturedMessage, since start: Int64, _ keys: inout KeyRing) {
    switch captured.content {
    case .message(let message): self.init(message, &keys)
    case .channelData(let channel, let data): self.init(channel, data, captured.bytes)
    case .malformed(let error):
      self.init(kind: "malformed", captured.bytes)
      problems = [Problem(error)]
    }
    frame = captured.frameNumber
    seconds = Double(captured.time &- start) / 1e9
    transport = captured.transport.rawValue
    source = captured.source.description
    destination = captured.destination.description
    nested = captured.nested.map { DecodedMessage($0, since: start, &keys) }
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
    attributes = message.allAttributes.map { Attribute($0, in: message) }
    switch message.verifyFingerprint() {
    case .verified: fingerprint = "verified"
    case .absent: fingerprint = "absent"
    case .wrong: fingerprint = "wrong"
    }
    integrity = keys.checks(of: message)
    problems = STUNAnnotation.fields(of: message.bytes).filter(\.isProblem).map {
      Problem(offset: $0.byteRange.lowerBound, field: $0.name, message: $0.meaning)
    }
    for check in integrity where check.result == "wrong" {
      let offset =
        message.attributes.first { "\($0.type)" == check.attribute }?.byteOffset ?? 0
      problems.append(
        Problem(
          offset: offset, field: check.attribute, message: "does not fit the password given"))
    }
  }
}

extension DecodedMessage.Problem {
  init(_ error: STUNDecodingError) {
    self.init(offset: error.byteOffset, field: error.field, message: error.description)
  }
}
