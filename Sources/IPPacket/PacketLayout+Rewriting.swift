public import TransportAddress

extension PacketLayout {
  /// Writes a translation into the packet's bytes, checksums included (RFC 3022 §4.2, RFC 1624).
  ///
  /// - Complexity: O(1).
  @inlinable
  package func write(_ packet: Packet, into bytes: inout MutableSpan<UInt8>) {
    // The addresses count for IPv4's header checksum, and by the pseudo-header for the transport's.
    var header = ChecksumDelta()
    var transport = ChecksumDelta()
    bytes.replace(at: ip.source, by: packet.source.address, &header, &transport)
    bytes.replace(at: ip.destination, by: packet.destination.address, &header, &transport)
    if !ip.isV6 {
      bytes.apply(header, at: ip.start + 10)
      if let number = packet.fragment?.identification, number != ip.fragment?.identification {
        bytes.replaceIdentification(by: UInt16(truncatingIfNeeded: number))
      }
    }

    // ICMP for IPv4 has no pseudo-header.
    var message = ip.isV6 ? transport : ChecksumDelta()
    var unused = ChecksumDelta()
    switch kind {
    case .addressesOnly: break
    case .ports:
      bytes.replace(at: ip.transport, by: packet.source.port, &transport, &unused)
      bytes.replace(at: ip.transport + 2, by: packet.destination.port, &transport, &unused)
      bytes.applyTransport(transport, ip)
    case .identifier:
      let identifier = packet.isQuery ? packet.source.port : packet.destination.port
      bytes.replace(at: ip.transport + 4, by: identifier, &message, &unused)
      bytes.apply(message, at: ip.transport + 2)
    case .error(let embedded, let embeddedKind):
      guard case .error(let error) = packet.content else { return }
      write(error.embedded, embedded, embeddedKind, into: &bytes, &message)
      bytes.apply(message, at: ip.transport + 2)
    }
  }

  /// Translates the packet in an ICMP error, as far as it is there; every word counts for the
  /// checksum of the error.
  @inlinable
  package func write(
    _ embedded: ICMPError.Embedded, _ ip: IPLayout, _ kind: EmbeddedKind,
    into bytes: inout MutableSpan<UInt8>, _ message: inout ChecksumDelta
  ) {
    var header = ChecksumDelta()
    var pseudoHeader = ChecksumDelta()
    let before = bytes.span.address(at: ip.source, isV6: ip.isV6)
    let beforeDestination = bytes.span.address(at: ip.destination, isV6: ip.isV6)
    bytes.replace(at: ip.source, by: embedded.source.address, &header, &message)
    bytes.replace(at: ip.destination, by: embedded.destination.address, &header, &message)
    pseudoHeader.replace(before, by: embedded.source.address)
    pseudoHeader.replace(beforeDestination, by: embedded.destination.address)
    if !ip.isV6 { bytes.apply(header, at: ip.start + 10, &message) }

    switch kind {
    case .ports:
      bytes.replace(at: ip.transport, by: embedded.source.port, &pseudoHeader, &message)
      bytes.replace(at: ip.transport + 2, by: embedded.destination.port, &pseudoHeader, &message)
      bytes.applyTransport(pseudoHeader, ip, &message)
    case .identifier:
      var inner = ip.isV6 ? pseudoHeader : ChecksumDelta()
      let identifier = embedded.isReply ? embedded.destination.port : embedded.source.port
      bytes.replace(at: ip.transport + 4, by: identifier, &inner, &message)
      bytes.apply(inner, at: ip.transport + 2, &message)
    }
  }
}

extension PacketLayout {
  /// Whether it is an IPv4 datagram that is whole and need not stay so.
  @inlinable
  package func canBeFragmented(_ bytes: Span<UInt8>) -> Bool {
    !ip.isV6 && ip.fragment == nil && bytes[6] & 0x40 == 0
  }
}

extension MutableSpan<UInt8> {
  /// Gives an IPv4 packet another Identification.
  @inlinable
  package mutating func replaceIdentification(by number: UInt16) {
    var header = ChecksumDelta()
    var unused = ChecksumDelta()
    replace(at: 4, by: number, &header, &unused)
    apply(header, at: 10)
  }
}

extension ChecksumDelta {
  /// Notes that an address has taken another's place.
  @inlinable
  package mutating func replace(_ old: IPAddress, by new: IPAddress) {
    switch (old, new) {
    case (.v4(let old), .v4(let new)):
      replace(UInt64(old.rawValue), by: UInt64(new.rawValue))
    case (.v6(let old), .v6(let new)):
      replace(old.high, by: new.high)
      replace(old.low, by: new.low)
    // A NAT keeps the family.
    case (.v4, .v6), (.v6, .v4): break
    }
  }

  @inlinable
  package mutating func replace(_ old: UInt64, by new: UInt64) {
    var shift: UInt64 = 0
    while shift < 64 {
      replace(
        UInt16(truncatingIfNeeded: old >> shift), by: UInt16(truncatingIfNeeded: new >> shift))
      shift += 16
    }
  }
}

extension MutableSpan<UInt8> {
  /// Brings the checksum at an offset up to date.
  @inlinable
  package mutating func apply(_ delta: ChecksumDelta, at offset: Int) {
    write(delta.applied(to: span.word(at: offset)), at: offset)
  }

  /// Brings a checksum up to date that another covers.
  @inlinable
  package mutating func apply(
    _ delta: ChecksumDelta, at offset: Int, _ outer: inout ChecksumDelta
  ) {
    let old = span.word(at: offset)
    let new = delta.applied(to: old)
    outer.replace(old, by: new)
    write(new, at: offset)
  }

  @inlinable
  package mutating func applyTransport(_ delta: ChecksumDelta, _ ip: IPLayout) {
    var unused = ChecksumDelta()
    applyTransport(delta, ip, &unused)
  }

  /// Brings the checksum of UDP or TCP up to date, if it is there.
  @inlinable
  package mutating func applyTransport(
    _ delta: ChecksumDelta, _ ip: IPLayout, _ outer: inout ChecksumDelta
  ) {
    let offset = ip.transport + (ip.protocol == .udp ? 6 : 16)
    // In an ICMP error the header may be cut off before it.
    guard offset + 2 <= ip.end else { return }
    let old = span.word(at: offset)
    // RFC 768: 0 says that there is none, so that a computed 0 is sent as its other form.
    if ip.protocol == .udp, old == 0 { return }
    var new = delta.applied(to: old)
    if ip.protocol == .udp, new == 0 { new = 0xFFFF }
    outer.replace(old, by: new)
    write(new, at: offset)
  }
}
