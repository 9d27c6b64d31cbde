/// Sound as a file that programs play: RIFF WAVE, 16 bits a sample, one channel.
public enum WAV {
  /// The bytes of a file: 44 of headers, and two for each sample, the lower one first.
  ///
  /// - Precondition: the samples take less than 4 GB.
  /// - Complexity: O(*n*).
  public static func bytes(_ samples: [Int16], rate: Int = PCMU.rate) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(44 + 2 * samples.count)
    func append(_ text: String) { bytes += Array(text.utf8) }
    func append(_ value: Int, byteCount: Int) {
      for index in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
    precondition(samples.count < 1 << 31 - 64)
    append("RIFF")
    append(36 + 2 * samples.count, byteCount: 4)
    append("WAVEfmt ")
    append(16, byteCount: 4)
    // PCM, one channel, samples and bytes a second, bytes and bits a sample.
    for (value, byteCount) in [(1, 2), (1, 2), (rate, 4), (2 * rate, 4), (2, 2), (16, 2)] {
      append(value, byteCount: byteCount)
    }
    append("data")
    append(2 * samples.count, byteCount: 4)
    for sample in samples { append(Int(sample), byteCount: 2) }
    return bytes
  }
}
