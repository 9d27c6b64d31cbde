/// What verifying MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 or FINGERPRINT has shown.
///
/// There are three answers, not two, for a message without MESSAGE-INTEGRITY is neither forged nor
/// genuine: whoever requires message integrity must refuse `absent` too.
public enum IntegrityResult: Hashable, Sendable {
  /// The attribute is there and is right.
  case verified
  /// The attribute is not there; nothing is known about who sent the message.
  case absent
  /// The attribute is there and is not what it should be.
  case wrong
}

extension STUNMessageView {
  /// Whether MESSAGE-INTEGRITY is the HMAC-SHA1 of all that stands before it.
  ///
  /// - Complexity: O(*n*) in the bytes; allocates nothing. RFC 8489 §14.5.
  public func verifyMessageIntegrity(with key: MessageIntegrityKey) -> IntegrityResult {
    guard let attribute = first(.messageIntegrity) else { return .absent }
    guard attribute.value.byteCount == SHA1Hash.digestByteCount else { return .wrong }
    let code = key.sha1.code(
      of: bytes.extracting(first: attribute.byteOffset),
      messageLength: lengthEnding(with: attribute))
    return isEqualInConstantTime(code, attribute.value) ? .verified : .wrong
  }

  /// Whether MESSAGE-INTEGRITY-SHA256 is the HMAC-SHA256 of all that stands before it.
  ///
  /// A code cut to 16, 20, 24 or 28 bytes counts only where the caller says that its usage cuts it
  /// so: otherwise a forger could choose the weakest. RFC 8489 §14.6.
  public func verifyMessageIntegritySHA256(
    with key: MessageIntegrityKey, byteCount: Int = 32
  ) -> IntegrityResult {
    guard let attribute = first(.messageIntegritySHA256) else { return .absent }
    guard attribute.value.byteCount == byteCount, (16...32).contains(byteCount), byteCount % 4 == 0
    else { return .wrong }
    let code = key.sha256.code(
      of: bytes.extracting(first: attribute.byteOffset),
      messageLength: lengthEnding(with: attribute))
    return isEqualInConstantTime(code, attribute.value) ? .verified : .wrong
  }

  /// Whether FINGERPRINT is last and is the checksum of all that stands before it.
  ///
  /// - Complexity: O(*n*) in the bytes. RFC 8489 §14.7.
  public func verifyFingerprint() -> IntegrityResult {
    guard let attribute = first(.fingerprint) else { return .absent }
    guard attribute.value.byteCount == 4, attribute.byteOffset + 8 == bytes.byteCount else {
      return .wrong
    }
    let expected = STUNCodec.fingerprint(of: bytes.extracting(first: attribute.byteOffset))
    return attribute.value.bigEndian32(at: 0) == expected ? .verified : .wrong
  }

  /// The length the header would hold if this attribute were the last.
  private func lengthEnding(with attribute: borrowing AttributeView) -> UInt16 {
    // At most 0xFFFC: the whole message's length is checked to be 16 bits and a multiple of 4.
    UInt16(
      attribute.byteOffset + 4 + (attribute.value.byteCount + 3) & ~3 - STUNHeader.byteCount)
  }
}
