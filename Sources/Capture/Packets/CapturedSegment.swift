public import TransportAddress

/// What a packet carries from one port to another.
public struct CapturedSegment: Hashable, Sendable {
  /// The protocol that carries it.
  public enum Transport: Hashable, Sendable {
    /// A datagram, also of UDP-Lite (RFC 3828).
    case udp
    /// A piece of a stream that begins at this sequence number.
    case tcp(sequence: UInt32, isStart: Bool, isEnd: Bool)
  }

  /// The address and port that it comes from.
  public let source: TransportAddress
  /// The address and port that it goes to.
  public let destination: TransportAddress
  /// The protocol, and for TCP the place in the stream.
  public let transport: Transport
  /// What was kept of the payload.
  public let payload: [UInt8]
  /// How many bytes of the payload's end were not kept when the frame was recorded.
  public let missingByteCount: Int

  /// Whether bytes are missing at the end.
  public var isCut: Bool { missingByteCount > 0 }

  /// A segment with all its parts.
  public init(
    source: TransportAddress, destination: TransportAddress, transport: Transport,
    payload: [UInt8], missingByteCount: Int = 0
  ) {
    self.source = source
    self.destination = destination
    self.transport = transport
    self.payload = payload
    self.missingByteCount = missingByteCount
  }

  /// Reads a frame down to its payload; nil where it leads to no UDP or TCP payload, or to a fragment.
  public init?(_ frame: CapturedFrame) {
    var dissector = FrameDissector()
    guard case .segment(let segment)? = dissector.contents(of: frame) else { return nil }
    self = segment
  }
}

/// An ICMP error, and what it quotes of the UDP datagram that it is about.
public struct QuotedDatagram: Hashable, Sendable {
  /// Who sent the error.
  public let reporter: IPAddress
  /// The type of ICMP, or of ICMPv6 where the reporter's address is of that family.
  public let type: UInt8
  /// The code, which says more than the type.
  public let code: UInt8
  /// The datagram that did not arrive, often without its payload.
  public let segment: CapturedSegment
}

/// What a frame carries in the end.
public enum FrameContents: Hashable, Sendable {
  case segment(CapturedSegment)
  case icmpError(QuotedDatagram)
}
