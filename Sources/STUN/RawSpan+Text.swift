/// Whether two byte strings are the same, found out in a time that does not tell where they differ.
///
/// An attacker who could measure that would guess a code byte by byte. The lengths are no secret.
func isEqualInConstantTime(_ left: RawSpan, _ right: RawSpan) -> Bool {
  guard left.byteCount == right.byteCount else { return false }
  var difference: UInt8 = 0
  for index in 0..<left.byteCount { difference |= left.byte(index) ^ right.byte(index) }
  return difference == 0
}

extension RawSpan {
  /// The byte at this offset; traps outside.
  func byte(_ offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  /// The bytes as text, invalid UTF-8 replaced.
  var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

  /// Whether the bytes are valid UTF-8, and then the text.
  var validText: String? { withUnsafeBytes { String(validating: $0, as: UTF8.self) } }

  /// A copy of the bytes.
  var copied: [UInt8] { withUnsafeBytes { Array($0) } }

  /// Whether the bytes begin with these.
  func starts(with bytes: [UInt8]) -> Bool {
    guard byteCount >= bytes.count else { return false }
    return extracting(first: bytes.count).isEqual(to: bytes)
  }

  /// Whether the bytes are these.
  func isEqual(to bytes: [UInt8]) -> Bool {
    guard byteCount == bytes.count else { return false }
    for index in 0..<bytes.count where byte(index) != bytes[index] { return false }
    return true
  }
}
