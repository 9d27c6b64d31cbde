/// What a source of RTP begins with, drawn by chance so that it cannot be foreseen (RFC 3550 §5.1, §8).
public struct RTPStart: Hashable, Sendable {
  /// Its number, the SSRC.
  public var source: UInt32
  /// The sequence number of its first packet.
  public var sequenceNumber: UInt16
  /// The timestamp of its first sample.
  public var timestamp: UInt32

  /// A beginning that is given, for runs that are to be the same again.
  public init(source: UInt32, sequenceNumber: UInt16, timestamp: UInt32) {
    (self.source, self.sequenceNumber, self.timestamp) = (source, sequenceNumber, timestamp)
  }

  /// A beginning drawn from a generator.
  public init(using generator: inout some RandomNumberGenerator) {
    source = UInt32.random(in: .min ... .max, using: &generator)
    sequenceNumber = UInt16.random(in: .min ... .max, using: &generator)
    timestamp = UInt32.random(in: .min ... .max, using: &generator)
  }
}
