public import TransportAddress

/// What a packet carries from one port to another.
public struct CapturedSegment: Hashable, Sendable {
  public enum Transport: Hashable, Sendable {
    case udp
    /// A piece of a stream, that begins at this sequence number.
    case tcp(sequence: UInt32, isStart: Bool, isEnd: Bool)
  }

  public let source: TransportAddress
  public let destination: TransportAddress
  public let transport: Transport
  public let payload: [UInt8]
  /// Whether more was promised than is there: the frame was cut when it was recorded.
  public let isCut: Bool

  /// Reads a frame down to its payload; nil where it is neither UDP nor TCP over IP, or not whole
  /// enough to tell, or a fragment.
  public init?(_ frame: CapturedFrame) {
    guard let packet = InternetPacket(frame), packet.fragment == nil else { return nil }
    self.init(packet)
  }

  /// Reads a whole packet.
  init?(_ packet: InternetPacket) {
    var reader = ByteReader(packet.payload)
    switch packet.protocol {
    case 17: self.init(udp: &reader, packet)
    case 6: self.init(tcp: &reader, packet)
    default: return nil
    }
  }

  /// Reads the datagram whose beginning an ICMP error quotes, in which all the rest must be too.
  ///
  /// Errors of ICMP are of type 3 (unreachable), 4, 5, 11 (time exceeded) and 12 (RFC 792), those of
  /// ICMPv6 have types below 128 (RFC 4443 §2.1). Both quote after eight bytes of their own.
  init?(quotedIn packet: InternetPacket) {
    var reader = ByteReader(packet.payload)
    guard let type = reader.uint8(), reader.skip(7) else { return nil }
    let version: LinkType.Payload
    switch packet.protocol {
    case 1 where [3, 4, 5, 11, 12].contains(type): version = .ipv4
    case 58 where type < 128: version = .ipv6
    default: return nil
    }
    guard let quoted = InternetPacket(&reader, version), quoted.protocol == 17,
      quoted.fragment == nil
    else { return nil }
    self.init(quoted)
    if isCut { return nil }
  }

  private init?(udp reader: inout ByteReader, _ packet: InternetPacket) {
    guard let source = reader.uint16(), let destination = reader.uint16(),
      let length = reader.uint16(), reader.skip(2)
    else { return nil }
    // Length 0 is a jumbogram's: then the rest of the packet counts (RFC 2675 §4).
    let promised = length == 0 ? reader.count : max(0, Int(length) - 8)
    reader.limit(to: promised)
    self.source = TransportAddress(packet.source, port: source)
    self.destination = TransportAddress(packet.destination, port: destination)
    transport = .udp
    payload = reader.rest
    isCut = reader.count < promised
  }

  private init?(tcp reader: inout ByteReader, _ packet: InternetPacket) {
    guard let source = reader.uint16(), let destination = reader.uint16(),
      let sequence = reader.uint32(), reader.skip(4), let offsetAndFlags = reader.uint16(),
      // 14 bytes are read; the header has as many words as its top four bits say.
      reader.skip(Int(offsetAndFlags >> 12) * 4 - 14)
    else { return nil }
    self.source = TransportAddress(packet.source, port: source)
    self.destination = TransportAddress(packet.destination, port: destination)
    let isSYN = offsetAndFlags & 0x02 != 0
    transport = .tcp(
      sequence: sequence &+ (isSYN ? 1 : 0), isStart: isSYN,
      isEnd: offsetAndFlags & 0x05 != 0)
    payload = reader.rest
    isCut = packet.isCut
  }
}
