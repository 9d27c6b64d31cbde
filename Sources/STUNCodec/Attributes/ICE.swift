/// The attributes of ICE's connectivity checks (RFC 8445 §7.1).
extension STUNMessageReader where Self: ~Escapable {
  /// PRIORITY: the priority of a peer-reflexive candidate that this check reveals (RFC 8445 §7.1.1).
  ///
  /// - Throws: `wrongValueLength` unless it has 4 bytes.
  @inlinable
  public var priority: UInt32? {
    get throws(STUNDecodingError) {
      try view.fixed(.priority, byteCount: 4).map { UInt32(truncatingIfNeeded: $0) }
    }
  }

  /// USE-CANDIDATE: whether the controlling agent nominates the pair; absent is false
  /// (RFC 8445 §7.1.2).
  ///
  /// - Throws: `wrongValueLength` unless it is empty.
  @inlinable
  public var useCandidate: Bool {
    get throws(STUNDecodingError) { try view.flag(.useCandidate) }
  }

  /// ICE-CONTROLLED: the tiebreaker of a sender in the controlled role (RFC 8445 §7.1.3).
  ///
  /// - Throws: `wrongValueLength` unless it has 8 bytes.
  @inlinable
  public var iceControlled: UInt64? {
    get throws(STUNDecodingError) { try view.fixed(.iceControlled, byteCount: 8) }
  }

  /// ICE-CONTROLLING: the tiebreaker of a sender in the controlling role (RFC 8445 §7.1.3).
  ///
  /// - Throws: `wrongValueLength` unless it has 8 bytes.
  @inlinable
  public var iceControlling: UInt64? {
    get throws(STUNDecodingError) { try view.fixed(.iceControlling, byteCount: 8) }
  }

  /// NOMINATION: the number of a nomination, 24 bits (draft-thatcher-ice-renomination-01 §4).
  ///
  /// Nil where it has not 4 bytes: then it is the attribute that shares its number.
  public var nomination: UInt32? {
    (try? view.fixed(.nomination, byteCount: 4))?.map { UInt32(truncatingIfNeeded: $0) & 0xFF_FFFF }
  }
}

extension STUNMessageBuilder {
  /// Appends PRIORITY (RFC 8445 §7.1.1).
  @_lifetime(self: copy self)
  public mutating func append(priority: UInt32) throws(STUNEncodingError) {
    try append(.priority, priority)
  }

  /// Appends USE-CANDIDATE, which has no value (RFC 8445 §7.1.2).
  @_lifetime(self: copy self)
  public mutating func appendUseCandidate() throws(STUNEncodingError) {
    _ = try open(.useCandidate, valueByteCount: 0)
  }

  /// Appends NOMINATION, of which the lower 24 bits count (draft-thatcher-ice-renomination-01 §4).
  @_lifetime(self: copy self)
  public mutating func append(nomination number: UInt32) throws(STUNEncodingError) {
    try append(.nomination, number & 0xFF_FFFF)
  }

  /// Appends ICE-CONTROLLED with the sender's tiebreaker (RFC 8445 §7.1.3).
  @_lifetime(self: copy self)
  public mutating func append(iceControlled tiebreaker: UInt64) throws(STUNEncodingError) {
    store(tiebreaker, at: try open(.iceControlled, valueByteCount: 8))
  }

  /// Appends ICE-CONTROLLING with the sender's tiebreaker (RFC 8445 §7.1.3).
  @_lifetime(self: copy self)
  public mutating func append(iceControlling tiebreaker: UInt64) throws(STUNEncodingError) {
    store(tiebreaker, at: try open(.iceControlling, valueByteCount: 8))
  }
}
