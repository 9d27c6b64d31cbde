/// Samples of 16 bits as bytes and back: the μ-law of telephones, finer where it is quiet (ITU-T G.711).
///
///     byte, inverted:  sign   segment 0 to 7    step 0 to 15
///                      1 bit  3 bits            4 bits        each segment twice as coarse as the one before
public enum PCMU {
  /// How many samples a second has (RFC 3551 §6).
  public static let rate = 8000

  /// What is added to a magnitude, so that each segment begins at a power of two.
  private static let bias = 0x84

  /// The byte that is nearest to a sample.
  ///
  /// - Complexity: O(1).
  public static func encode(_ sample: Int16) -> UInt8 {
    let magnitude = min(Int(sample.magnitude), 32_635) + bias
    // From 2⁷ to 2¹⁵ − 1, whose highest bit is the segment.
    let segment = magnitude.bitWidth - 1 - magnitude.leadingZeroBitCount - 7
    let step = magnitude >> (segment + 3) & 0x0F
    return ~((sample < 0 ? 0x80 : 0) | UInt8(segment << 4 | step))
  }

  /// The sample that a byte stands for, −32 124 to 32 124.
  ///
  /// - Complexity: O(1).
  public static func decode(_ byte: UInt8) -> Int16 {
    let bits = ~byte
    let segment = Int(bits >> 4 & 0x07)
    let magnitude = (Int(bits & 0x0F) << 3 + bias) << segment - bias
    return Int16(bits & 0x80 == 0 ? magnitude : -magnitude)
  }
}
