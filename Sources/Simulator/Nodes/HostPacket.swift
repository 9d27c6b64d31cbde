import IPPacket
import TransportAddress

/// A packet as the host sees it that it arrives at.
enum HostPacket {
  /// A UDP datagram, with the place of its payload in the packet.
  case datagram(Range<Int>, from: TransportAddress, to: TransportAddress)
  /// A TCP segment, with its flow as the host sees it.
  case segment(TCPSegment, on: FiveTuple)
  /// An ICMP error about a packet of the host's, with the MTU of the next hop that one about a
  /// packet's size states (RFC 1191 §4).
  case error(ICMPError, nextHopMTU: Int)
  case echoRequest
  /// A packet that no program here waits for, such as the reply to an echo request.
  case other

  /// Reads a packet (RFC 1122 §3.2.1, §4.1.3).
  ///
  /// - Throws: why the host drops it.
  init(_ bytes: Span<UInt8>, at own: HostAddresses) throws(DropReason) {
    let ip: IPLayout
    do throws(PacketError) {
      ip = try IPLayout(bytes, at: 0, isWhole: true)
    } catch {
      throw .malformed(error.reason)
    }
    guard own.contains(bytes.address(at: ip.destination, isV6: ip.isV6)) else {
      throw .notForThisHost
    }
    guard ip.fragment == nil else { throw .fragment }
    guard ip.protocol != .udp else {
      self = try Self.datagram(bytes, ip)
      return
    }
    guard ip.protocol != .tcp else {
      self = try Self.segment(bytes, ip)
      return
    }
    guard ip.protocol == (ip.isV6 ? .icmpv6 : .icmp) else { throw .unsupportedProtocol }
    let packet: Packet
    do throws(PacketError) {
      packet = try Packet(parsing: bytes)
    } catch {
      throw .malformed(error.reason)
    }
    switch packet.content {
    case .error(let error):
      self = .error(error, nextHopMTU: Int(bytes.word(at: ip.transport + 6)))
    case .query: self = .echoRequest
    case .reply, .datagram, .segment: self = .other
    }
  }

  /// RFC 768
  @inline(__always)
  private static func datagram(
    _ bytes: Span<UInt8>, _ ip: IPLayout
  ) throws(DropReason) -> HostPacket {
    let start = ip.transport
    guard ip.end - start >= 8 else { throw .malformed(.truncated) }
    let length = Int(bytes.word(at: start + 4))
    guard length >= 8, start + length <= ip.end else { throw .malformed(.lengthBeyondPacket) }
    // In IPv6 there is no UDP without a checksum (RFC 8200 §8.1).
    if ip.isV6 || bytes.word(at: start + 6) != 0 {
      guard hasRightChecksum(bytes, ip, length) else { throw .wrongChecksum }
    }
    let (source, destination) = endpoints(bytes, ip)
    return .datagram(start + 8..<start + length, from: source, to: destination)
  }
}

extension HostPacket {
  /// RFC 9293 §3.1
  private static func segment(
    _ bytes: Span<UInt8>, _ ip: IPLayout
  ) throws(DropReason) -> HostPacket {
    let start = ip.transport
    let segment: TCPSegment
    do throws(PacketError) {
      segment = try TCPSegment(bytes, at: start, end: ip.end)
    } catch {
      throw .malformed(error.reason)
    }
    guard hasRightChecksum(bytes, ip, ip.end - start) else { throw .wrongTCPChecksum }
    let (remote, local) = endpoints(bytes, ip)
    return .segment(segment, on: FiveTuple(.tcp, local: local, remote: remote))
  }

  /// The checksum over the addresses, the protocol, the length and what follows the IP header.
  @inline(__always)
  private static func hasRightChecksum(
    _ bytes: Span<UInt8>, _ ip: IPLayout, _ length: Int
  ) -> Bool {
    var checksum = Checksum()
    checksum.add(bytes, in: ip.source..<ip.destination + (ip.isV6 ? 16 : 4))
    checksum.add(UInt16(ip.protocol.rawValue))
    checksum.add(UInt16(length))
    checksum.add(bytes, in: ip.transport..<ip.transport + length)
    return checksum.value == 0
  }

  @inline(__always)
  private static func endpoints(
    _ bytes: Span<UInt8>, _ ip: IPLayout
  ) -> (source: TransportAddress, destination: TransportAddress) {
    (
      TransportAddress(
        bytes.address(at: ip.source, isV6: ip.isV6), port: bytes.word(at: ip.transport)),
      TransportAddress(
        bytes.address(at: ip.destination, isV6: ip.isV6), port: bytes.word(at: ip.transport + 2))
    )
  }
}

/// A UDP datagram that a host sends.
enum UDPDatagram {
  /// Writes the packet, from an address of the destination's family.
  ///
  /// - Parameter packet: any packet: its memory is used if it has the same length.
  static func write(
    _ payload: [UInt8], from source: TransportAddress, to destination: TransportAddress,
    into packet: inout [UInt8]
  ) {
    if case .v4(let from) = source.address, case .v4(let to) = destination.address {
      write(payload, from: from, source.port, to: to, destination.port, into: &packet)
    } else {
      packet = Packet(.udp, from: source, to: destination).bytes(payload: payload)
    }
  }

  /// Writes the packet with right checksums, and with DF set as a host does that looks for the path's
  /// MTU (RFC 1191 §3).
  private static func write(
    _ payload: [UInt8], from source: IPv4Address, _ sourcePort: UInt16, to destination: IPv4Address,
    _ destinationPort: UInt16, into packet: inout [UInt8]
  ) {
    precondition(payload.count <= 65_507, "a UDP datagram carries 65 507 bytes at most (RFC 768)")
    let length = 8 + payload.count
    if packet.count != 20 + length { packet = [UInt8](repeating: 0, count: 20 + length) }
    // Every byte is written, whatever was in the memory before.
    var bytes = packet.mutableSpan
    bytes.copy(payload.span, 0..<payload.count, to: 28)
    bytes.writeIPv4Header(
      20 + length, .udp, from: source, to: destination, typeOfService: 0, mayFragment: false)
    bytes.write(doubleWord: UInt32(sourcePort) << 16 | UInt32(destinationPort), at: 20)
    bytes.write(doubleWord: UInt32(length) << 16, at: 24)
    var checksum = Checksum()
    checksum.add(bytes.span, in: 12..<20)
    checksum.add(UInt16(TransportProtocol.udp.rawValue))
    checksum.add(UInt16(length))
    checksum.add(bytes.span, in: 20..<20 + length)
    // RFC 768: 0 says that there is no checksum, so that a computed 0 is sent as its other form.
    bytes.write(checksum.value == 0 ? 0xFFFF : checksum.value, at: 26)
  }
}

extension ICMPErrorMessage {
  /// The error as a packet; nil if there must be none.
  func packet(about packet: Span<UInt8>, from reporter: IPAddress) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 1280)
    var output = bytes.mutableSpan
    guard let length = write(about: packet, from: reporter, into: &output) else { return nil }
    return Array(bytes.prefix(length))
  }
}
