/// A certificate's fingerprint as text.
public enum CertificateFingerprint {
  /// Pairs of uppercase digits with colons between them: `4A:0D:FF` (RFC 8122 §5).
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }.joined(separator: ":")
  }
}
