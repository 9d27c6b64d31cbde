import ByteOrder
public import STUNCodec
public import TransportAddress

/// A STUN message or ChannelData in a capture, with its place in it.
public struct CapturedMessage: Hashable, Sendable {
  /// What the bytes are.
  public enum Content: Hashable, Sendable {
    /// A sound message.
    case message(STUNMessage)
    /// Application data on a TURN channel.
    case channelData(ChannelNumber, data: [UInt8])
    /// A message that strict decoding refuses: of another dialect, broken, or cut by the capture.
    case lenient(LenientMessage)
    /// Bytes that open like STUN and have no whole header.
    case malformed(STUNDecodingError)
  }

  /// How the message was carried.
  public enum Transport: String, Hashable, Sendable {
    /// In a UDP datagram.
    case udp = "UDP"
    /// In a TCP stream.
    case tcp = "TCP"
    /// Inside a Send or Data indication or ChannelData.
    case nested = "inside"
    /// Quoted by an ICMP error; the addresses are those of the datagram that did not arrive.
    case quoted = "ICMP error about"
  }

  /// What stood around the message in its datagram or stream.
  public enum Framing: Hashable, Sendable {
    /// Nothing.
    case none
    /// Two bytes of length (RFC 4571 §2), as ICE over TCP has them (RFC 6544).
    case rfc4571
    /// Microsoft's multiplexed TURN: 0xFF10, a length and this session ID ([MS-TURN] §2.2.3).
    case multiplexedTURN(sessionID: UInt64)
  }

  /// The frame that it ends in, counted from 1.
  public let frameNumber: Int
  /// Nanoseconds since 1970.
  public let time: Int64
  /// Which of the capture's interfaces recorded it.
  public let interface: Int
  /// The sender's transport address.
  public let source: TransportAddress
  /// The receiver's transport address.
  public let destination: TransportAddress
  /// How it was carried.
  public let transport: Transport
  /// What stood around it.
  public let framing: Framing
  /// Its bytes, without framing and padding.
  public let bytes: [UInt8]
  /// What the bytes are.
  public let content: Content
  /// How many bytes at its end the capture did not keep.
  public let missingByteCount: Int
  /// What DATA or a channel carries, where that is STUN again.
  public let nested: [CapturedMessage]

  /// A message and its place.
  public init(
    frameNumber: Int, time: Int64, interface: Int = 0, source: TransportAddress,
    destination: TransportAddress, transport: Transport, framing: Framing = .none, bytes: [UInt8],
    content: Content, missingByteCount: Int = 0, nested: [CapturedMessage] = []
  ) {
    self.frameNumber = frameNumber
    self.time = time
    self.interface = interface
    self.source = source
    self.destination = destination
    self.transport = transport
    self.framing = framing
    self.bytes = bytes
    self.content = content
    self.missingByteCount = missingByteCount
    self.nested = nested
  }
}

extension CapturedMessage {
  /// Class and method with their names; nil for ChannelData and what has no whole header.
  public var header: Header? {
    switch content {
    case .message(let message):
      Header(
        type: message.type, messageClass: message.type.class,
        methodName: message.type.method.description,
        transactionID: CapturedTransactionID(message.transactionID))
    case .lenient(let message):
      Header(
        type: message.type, messageClass: message.messageClass, methodName: message.methodName,
        transactionID: message.transactionID)
    case .channelData, .malformed: nil
    }
  }

  /// What a STUN message's header says.
  public struct Header: Hashable, Sendable {
    /// Class and method as numbers.
    public let type: MessageType
    /// The class that the sender meant.
    public let messageClass: MessageClass
    /// The method's name in the message's dialect.
    public let methodName: String
    /// What matches a response with its request.
    public let transactionID: CapturedTransactionID

    /// Whether it is MS-TURN's Send request, which gets no response and so is an indication here.
    var isSendRequest: Bool { !transactionID.hasCookie && methodName == "Send" }
  }

  /// The value of the first attribute of this type that counts, or nil.
  public func value(of type: AttributeType) -> [UInt8]? {
    switch content {
    case .message(let message): message.value(of: type)
    case .lenient(let message): message.value(of: type)
    case .channelData, .malformed: nil
    }
  }

  /// The address in an attribute, whose family and length must be right.
  func address(_ type: AttributeType, isXORed: Bool) -> TransportAddress? {
    guard let value = value(of: type), let id = header?.transactionID else { return nil }
    return TransportAddress(attributeValue: value, xoredWith: isXORed ? id : nil)
  }

  /// The number in an attribute of four bytes.
  func number(_ type: AttributeType) -> UInt32? {
    guard let value = value(of: type), value.count == 4 else { return nil }
    return value.bigEndian32(at: 0)
  }
}

extension TransportAddress {
  /// The address in the value of an attribute such as MAPPED-ADDRESS (RFC 8489 §14.1 and §14.2).
  public init?(attributeValue value: [UInt8], xoredWith id: CapturedTransactionID?) {
    let isV6 = value.count == 20 && value[1] == 2
    guard isV6 || (value.count == 8 && value[1] == 1) else { return nil }
    var bytes = Array(value[2...])
    if let id {
      let key = (0..<4).map { UInt8(truncatingIfNeeded: id.prefix >> (24 - 8 * $0)) } + id.id.bytes
      bytes[0] ^= key[0]
      bytes[1] ^= key[1]
      for index in 2..<bytes.count { bytes[index] ^= key[index - 2] }
    }
    let address: IPAddress =
      isV6
      ? .v6(IPv6Address(high: bytes.bigEndian64(at: 2), low: bytes.bigEndian64(at: 10)))
      : .v4(IPv4Address(rawValue: bytes.bigEndian32(at: 2)))
    self.init(address, port: bytes.bigEndian16(at: 0))
  }
}

/// An ICMP error that a capture holds, and the packet that it is about.
public struct CapturedICMPError: Hashable, Sendable {
  /// The frame that holds it, counted from 1.
  public let frameNumber: Int
  /// Nanoseconds since 1970.
  public let time: Int64
  /// Who sent it.
  public let reporter: IPAddress
  /// The type of ICMP, or of ICMPv6 where the reporter's address is of that family.
  public let type: UInt8
  /// The code, which says more than the type.
  public let code: UInt8
  /// The sender of the packet that it is about.
  public let source: TransportAddress
  /// Where that packet was to go.
  public let destination: TransportAddress
  /// What is quoted of its UDP payload, often nothing.
  public let payload: [UInt8]

  /// An error and its place.
  public init(
    frameNumber: Int, time: Int64, reporter: IPAddress, type: UInt8, code: UInt8,
    source: TransportAddress, destination: TransportAddress, payload: [UInt8]
  ) {
    self.frameNumber = frameNumber
    self.time = time
    self.reporter = reporter
    self.type = type
    self.code = code
    self.source = source
    self.destination = destination
    self.payload = payload
  }

  /// `port unreachable`, `time exceeded`; type and code as numbers where they have no name here.
  public var meaning: String {
    switch (reporter, type, code) {
    // RFC 792 and RFC 1812 §5.2.7.1.
    case (.v4, 3, 0): "network unreachable"
    case (.v4, 3, 1): "host unreachable"
    case (.v4, 3, 2): "protocol unreachable"
    case (.v4, 3, 3): "port unreachable"
    case (.v4, 3, 4): "fragmentation needed"
    case (.v4, 3, 9), (.v4, 3, 10), (.v4, 3, 13): "administratively prohibited"
    case (.v4, 11, _): "time exceeded"
    case (.v4, 12, _): "parameter problem"
    // RFC 4443 §3.
    case (.v6, 1, 0): "no route to destination"
    case (.v6, 1, 1): "administratively prohibited"
    case (.v6, 1, 3): "address unreachable"
    case (.v6, 1, 4): "port unreachable"
    case (.v6, 2, _): "packet too big"
    case (.v6, 3, _): "time exceeded"
    case (.v6, 4, _): "parameter problem"
    default: "type \(type), code \(code)"
    }
  }
}

/// A part of a TCP stream that could not be read for messages.
public struct StreamGap: Hashable, Sendable {
  /// The frame at which reading goes on, counted from 1.
  public let frameNumber: Int
  /// Nanoseconds since 1970.
  public let time: Int64
  /// Where the stream comes from.
  public let source: TransportAddress
  /// Where the stream goes to.
  public let destination: TransportAddress
  /// How many bytes the capture does not hold; 0 where none is known to be missing.
  public let missingByteCount: Int
  /// How many bytes were passed over until the next message.
  public let skippedByteCount: Int

  /// A gap and its place.
  public init(
    frameNumber: Int, time: Int64, source: TransportAddress, destination: TransportAddress,
    missingByteCount: Int, skippedByteCount: Int
  ) {
    self.frameNumber = frameNumber
    self.time = time
    self.source = source
    self.destination = destination
    self.missingByteCount = missingByteCount
    self.skippedByteCount = skippedByteCount
  }
}

/// What the frames of a capture hold, in the order in which it was found.
public enum CaptureEvent: Hashable, Sendable {
  /// A message or ChannelData.
  case message(CapturedMessage)
  /// An ICMP error about a datagram between those who speak STUN.
  case icmpError(CapturedICMPError)
  /// A part of a TCP stream that could not be read.
  case gap(StreamGap)
}
