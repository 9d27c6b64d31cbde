import ByteOrder

/// The result of verifying MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 or FINGERPRINT.
///
/// There are three results, not two: a message without MESSAGE-INTEGRITY is neither forged nor
/// genuine. A receiver that requires message integrity must refuse `absent` too.
public enum IntegrityResult: Hashable, Sendable {
  /// The attribute is there and is right.
  case verified
  /// The attribute is not there, so nothing is known about the sender.
  case absent
  /// The attribute is there and is wrong.
  case wrong
}

extension STUNMessageReader where Self: ~Escapable {
  /// Whether MESSAGE-INTEGRITY is the HMAC-SHA1 of all bytes before it (RFC 8489 §14.5).
  ///
  /// - Complexity: O(*n*) in the bytes; allocates nothing.
  @inlinable
  public func verifyMessageIntegrity(with key: MessageIntegrityKey) -> IntegrityResult {
    view.messageIntegrityResult(with: key)
  }

  /// Whether MESSAGE-INTEGRITY-SHA256 is the HMAC-SHA256 of all bytes before it (RFC 8489 §14.6).
  ///
  /// - Parameter byteCount: the length of the HMAC that the usage prescribes, 16, 20, 24, 28 or 32
  ///   bytes. Another length is wrong: otherwise an attacker could choose the weakest.
  /// - Complexity: O(*n*) in the bytes; allocates nothing.
  @inlinable
  public func verifyMessageIntegritySHA256(
    with key: MessageIntegrityKey, byteCount: Int = 32
  ) -> IntegrityResult {
    view.messageIntegritySHA256Result(with: key, byteCount: byteCount)
  }

  /// Whether FINGERPRINT is the last attribute and the checksum of all bytes before it
  /// (RFC 8489 §14.7).
  ///
  /// - Complexity: O(*n*) in the bytes; allocates nothing.
  @inlinable
  public func verifyFingerprint() -> IntegrityResult { view.fingerprintResult }
}

// What the three above do, on the view itself, so that other modules call it without a witness.
extension STUNMessageView {
  @usableFromInline
  func messageIntegrityResult(with key: MessageIntegrityKey) -> IntegrityResult {
    guard let attribute = first(.messageIntegrity) else { return .absent }
    guard attribute.value.byteCount == SHA1Hash.digestByteCount else { return .wrong }
    let code = key.sha1.code(
      of: bytes.extracting(first: attribute.byteOffset),
      messageLength: attribute.lengthOfMessageEndingHere)
    return isEqualInConstantTime(code, attribute.value) ? .verified : .wrong
  }

  @usableFromInline
  func messageIntegritySHA256Result(
    with key: MessageIntegrityKey, byteCount: Int
  ) -> IntegrityResult {
    guard let attribute = first(.messageIntegritySHA256) else { return .absent }
    guard attribute.value.byteCount == byteCount, (16...32).contains(byteCount), byteCount % 4 == 0
    else { return .wrong }
    let code = key.sha256.code(
      of: bytes.extracting(first: attribute.byteOffset),
      messageLength: attribute.lengthOfMessageEndingHere)
    return isEqualInConstantTime(code, attribute.value) ? .verified : .wrong
  }

  @usableFromInline
  var fingerprintResult: IntegrityResult {
    guard let attribute = first(.fingerprint) else { return .absent }
    guard attribute.value.byteCount == 4, attribute.byteOffset + 8 == bytes.byteCount else {
      return .wrong
    }
    let expected = fingerprint(of: bytes.extracting(first: attribute.byteOffset))
    return attribute.value.bigEndian32(at: 0) == expected ? .verified : .wrong
  }
}

extension AttributeView {
  /// What the header's length would be if this attribute were the last.
  fileprivate var lengthOfMessageEndingHere: UInt16 {
    // At most 0xFFFC: the whole message's length is checked to be 16 bits and a multiple of 4.
    UInt16(valueOffset + (value.byteCount + 3) & ~3 - STUNHeader.byteCount)
  }
}

extension STUNMessageBuilder {
  /// Appends MESSAGE-INTEGRITY over all bytes so far (RFC 8489 §14.5).
  ///
  /// The HMAC covers the header with the length that the message has once the attribute is appended.
  /// Only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT may follow.
  ///
  /// - Throws: `bufferTooSmall`, `messageTooLong`, or `attributeAfterMessageIntegrity`.
  @_lifetime(self: copy self)
  public mutating func appendMessageIntegrity(
    _ key: MessageIntegrityKey
  ) throws(STUNEncodingError) {
    let offset = try open(.messageIntegrity, valueByteCount: SHA1Hash.digestByteCount)
    let code = key.sha1.code(of: prefix(offset - 4), messageLength: messageLength)
    store(code, byteCount: SHA1Hash.digestByteCount, at: offset)
  }

  /// Appends MESSAGE-INTEGRITY-SHA256 over all bytes so far; only FINGERPRINT may follow
  /// (RFC 8489 §14.6).
  ///
  /// - Throws: `bufferTooSmall`, `messageTooLong`, or `attributeAfterMessageIntegrity`.
  @_lifetime(self: copy self)
  public mutating func appendMessageIntegritySHA256(
    _ key: MessageIntegrityKey
  ) throws(STUNEncodingError) {
    let offset = try open(.messageIntegritySHA256, valueByteCount: SHA256Hash.digestByteCount)
    let code = key.sha256.code(of: prefix(offset - 4), messageLength: messageLength)
    store(code, byteCount: SHA256Hash.digestByteCount, at: offset)
  }

  /// Appends FINGERPRINT over all bytes so far; nothing may follow (RFC 8489 §14.7).
  ///
  /// - Throws: `bufferTooSmall`, `messageTooLong`, or `attributeAfterMessageIntegrity`.
  @_lifetime(self: copy self)
  public mutating func appendFingerprint() throws(STUNEncodingError) {
    let offset = try open(.fingerprint, valueByteCount: 4)
    store(fingerprint(of: prefix(offset - 4)), at: offset)
  }

  private var messageLength: UInt16 { UInt16(byteCount - STUNHeader.byteCount) }

  @_lifetime(self: copy self)
  private mutating func store(_ code: SIMD32<UInt8>, byteCount: Int, at offset: Int) {
    withUnsafeBytes(of: code) { store($0.bytes.extracting(first: byteCount), at: offset) }
  }
}
