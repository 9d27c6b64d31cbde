extension PortTable {
  /// A free outside port for an inside port, or nil if none will do (RFC 4787 §4.2).
  ///
  /// Well-known ports stay among themselves as far as the configured range has any (REQ-3a). The
  /// parity is kept as long as a port of that parity is free (REQ-4); losing it beats dropping.
  func choose(for inside: UInt16, _ configuration: NATTable.Configuration) -> UInt16? {
    // Port 0 is none: UDP uses it for "no reply wanted" (RFC 768).
    let ports = max(1, configuration.ports.lowerBound)...max(1, configuration.ports.upperBound)
    let kind: ClosedRange<UInt16> = inside < 1024 ? 1...1023 : 1024...65535
    let range = kind.overlaps(ports) ? kind.clamped(to: ports) : ports
    let start =
      switch configuration.portAssignment {
      case .preserving: inside
      case .sequential: latest &+ 1
      }
    if configuration.portParity,
      let port = firstFree(in: range, from: start, parity: inside & 1)
    {
      return port
    }
    return firstFree(in: range, from: start, parity: nil)
  }
}
