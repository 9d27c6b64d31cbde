extension STUNMessageView {
  /// PRIORITY: what a peer-reflexive candidate found by this check would have; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes. RFC 8445 §7.1.1.
  public var priority: UInt32? {
    get throws(STUNDecodingError) {
      guard let attribute = first(.priority) else { return nil }
      try attribute.requireLength(4)
      return attribute.value.bigEndian32(at: 0)
    }
  }

  /// USE-CANDIDATE: whether the controlling side nominates the pair with this check.
  ///
  /// - Throws: `wrongValueLength` unless it is empty; a missing one is false. RFC 8445 §7.1.2.
  public var useCandidate: Bool {
    get throws(STUNDecodingError) {
      guard let attribute = first(.useCandidate) else { return false }
      try attribute.requireLength(0)
      return true
    }
  }

  /// ICE-CONTROLLED: the tiebreaker of a sender that takes itself for controlled; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 8 bytes. RFC 8445 §7.1.3.
  public var iceControlled: UInt64? {
    get throws(STUNDecodingError) { try tiebreaker(.iceControlled) }
  }

  /// ICE-CONTROLLING: the tiebreaker of a sender that takes itself for controlling; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has 8 bytes. RFC 8445 §7.1.3.
  public var iceControlling: UInt64? {
    get throws(STUNDecodingError) { try tiebreaker(.iceControlling) }
  }

  private func tiebreaker(_ type: AttributeType) throws(STUNDecodingError) -> UInt64? {
    guard let attribute = first(type) else { return nil }
    try attribute.requireLength(8)
    return attribute.value.bigEndian64(at: 0)
  }
}
