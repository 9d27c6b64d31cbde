/// What the payload of an RTP packet is (RFC 3551 §6).
public struct PayloadType: RawRepresentable, Hashable, Sendable {
  /// The number, 0 to 127.
  public let rawValue: UInt8

  /// The type with this number; the highest bit is the marker's and left out.
  public init(rawValue: UInt8) { self.rawValue = rawValue & 0x7F }

  /// Speech or a tone, a byte a sample, 8000 samples a second (RFC 3551 §4.5.14).
  public static let pcmu = PayloadType(rawValue: 0)
}

extension PayloadType: CustomStringConvertible {
  /// `PCMU`, or `payload type 96`.
  public var description: String { self == .pcmu ? "PCMU" : "payload type \(rawValue)" }
}
