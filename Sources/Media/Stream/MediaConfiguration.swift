/// How a side of a call sends its tone, and how it plays the other's.
public struct MediaConfiguration: Hashable, Sendable {
  /// The tone that it sends.
  public var tone = Tone(440)
  /// How much later than its first packet the other's sound is played: what comes later is too late.
  public var playoutDelay: Duration = .milliseconds(60)
  /// How far reports are apart on average: half to one and a half times as far, by chance (RFC 3550 §6.2).
  ///
  /// RFC 3550 wants 5 s at least, for groups of any size. Two alone may report as often as 5 % of the
  /// bandwidth allows (RFC 4585 §3.4): 0.4 s here.
  public var reportInterval: Duration = .seconds(1)
  /// How much of what was received is kept, packet by packet and as samples.
  public var recordLimit: Duration = .seconds(60)
  /// What stays the same if the source's number changes (RFC 7022); 255 bytes at most, none if empty.
  public var canonicalName = ""

  /// How much sound a packet holds (RFC 3551 §4.2).
  public static let packetDuration: Duration = .milliseconds(20)
  /// How many samples that is.
  static let packetSampleCount = 160

  /// The defaults.
  public init() {}
}
