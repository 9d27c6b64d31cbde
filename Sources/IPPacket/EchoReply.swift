import TransportAddress

/// The answer to an ICMP echo request (RFC 792, RFC 4443 §4.2).
public enum EchoReply {
  /// Writes the reply as a packet, addressed to the sender of the request.
  ///
  /// - Parameter request: a whole packet, its IP header first.
  /// - Returns: its length; nil if the packet is no request, is a fragment or has a wrong checksum,
  ///   or if the buffer is too short.
  /// - Complexity: O(its length).
  public static func write(
    to request: Span<UInt8>, into output: inout MutableSpan<UInt8>
  ) -> Int? {
    guard let ip = try? IPLayout(request, at: 0, isWhole: true), ip.fragment == nil,
      ip.protocol == (ip.isV6 ? .icmpv6 : .icmp), ip.end - ip.transport >= 8,
      request[ip.transport] == (ip.isV6 ? 128 : 8), request[ip.transport + 1] == 0,
      (try? PacketLayout.verifyMessage(request, ip)) != nil
    else { return nil }
    let header = ip.isV6 ? 40 : 20
    let length = header + ip.end - ip.transport
    guard output.count >= length else { return nil }
    switch (
      request.address(at: ip.source, isV6: ip.isV6),
      request.address(at: ip.destination, isV6: ip.isV6)
    ) {
    case (.v4(let asker), .v4(let asked)):
      // RFC 1812 §4.3.2.5: type of service and precedence are those of the request.
      output.writeIPv4Header(
        length, .icmp, from: asked, to: asker, typeOfService: request[1], mayFragment: true)
    case (.v6(let asker), .v6(let asked)):
      output.writeIPv6Header(length - 40, .icmpv6, from: asked, to: asker)
    case (.v4, .v6), (.v6, .v4): return nil
    }
    output.copy(request, ip.transport..<ip.end, to: header)
    output[header] = ip.isV6 ? 129 : 0
    output.writeMessageChecksum(at: header, end: length, isV6: ip.isV6)
    return length
  }
}
