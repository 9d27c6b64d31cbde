public import TransportAddress

/// What a session description says about ICE, and no more of it (RFC 8839 §4).
///
/// ```
/// v=0                                   other lines are passed over
/// a=ice-options:ice2 trickle            the session's attributes
/// a=ice-ufrag:8hhY
/// a=ice-pwd:asd88fgpdd777uzjYhagZg
/// m=audio 45664 RTP/AVP 0               a data stream begins
/// c=IN IP4 192.0.2.3
/// a=candidate:1 1 UDP 2130706431 …      its attributes
/// ```
public struct ICEDescription: Hashable, Sendable {
  /// Credentials and options of all data streams that have none of their own.
  public var session = Level()
  /// Whether the sender is a lite implementation.
  public var isLite = false
  /// The Ta that the sender wants; nil for the default.
  public var pacing: Duration?
  /// Whether the last candidate of every data stream has been signaled (RFC 8840 §8).
  public var isEnded = false
  /// The data streams, in order.
  public var streams: [Stream] = []

  /// A description without data streams.
  public init() {}

  /// Attributes that may stand at both levels; a data stream's own go before the session's.
  public struct Level: Hashable, Sendable {
    /// Username fragment and password, each of which every data stream needs (RFC 8839 §5.4).
    public var credentials: ICECredentials?
    /// The tags of `ice-options` (RFC 8839 §5.6).
    public var options: [String]

    /// Attributes of a level; none unless they are given.
    public init(credentials: ICECredentials? = nil, options: [String] = []) {
      self.credentials = credentials
      self.options = options
    }
  }

  /// A data stream: an `m=` line and what follows it.
  public struct Stream: Hashable, Sendable {
    /// The `m=` line behind its `=`: `audio 45664 RTP/AVP 0`.
    public var media: String
    /// The value of `a=mid`, by which trickled candidates name the stream; nil if there is none.
    public var mid: String?
    /// The address of the `c=` line: the default destination's; nil if it is a name or not there.
    public var connection: IPAddress?
    /// The stream's own credentials and options.
    public var level = Level()
    /// The candidates, in order.
    public var candidates: [CandidateAttribute] = []
    /// The controlling agent's selected pairs (RFC 8839 §5.2).
    public var remoteCandidates: [ICEAttribute.RemoteCandidate] = []
    /// Whether the last candidate has been signaled.
    public var isEnded = false
    /// Whether the sender has found a mismatch in what it answers (RFC 8839 §5.3).
    public var isMismatched = false

    /// A data stream with this `m=` line.
    public init(media: String) {
      self.media = media
    }
  }

  /// The credentials of a data stream: its own, or the session's.
  ///
  /// - Precondition: the description has the stream.
  public func credentials(ofStream stream: Int) -> ICECredentials? {
    streams[stream].level.credentials ?? session.credentials
  }

  /// What an agent is to be told of its peer; nil if the first data stream has no credentials.
  public var remoteDescription: RemoteDescription? {
    guard let credentials = streams.isEmpty ? session.credentials : credentials(ofStream: 0)
    else { return nil }
    return RemoteDescription(
      credentials, isLite: isLite, pacing: pacing, renominates: supports("renomination"),
      trickles: supports("trickle"))
  }

  /// Whether the sender supports what a tag names, such as `trickle`, for all its data streams.
  public func supports(_ option: String) -> Bool {
    session.options.contains(option)
      || !streams.isEmpty && streams.allSatisfy { $0.level.options.contains(option) }
  }
}

extension ICEDescription.Stream {
  /// The port of the `m=` line; nil where that has none.
  public var port: UInt16? {
    media.split(separator: " ").dropFirst().first
      .flatMap { UInt16($0.prefix { $0 != "/" }) }
  }

  /// Whether the default destination is one of the candidates (RFC 8839 §4.2.5).
  ///
  /// Otherwise something on the way, which knows SDP and not ICE, has changed it. An address of zeros
  /// with port 9 is none yet, and right (RFC 8839 §4.2.5). nil if the stream has no default.
  public var hasDefaultCandidate: Bool? {
    guard let connection, let port else { return nil }
    if port == 9, connection.classification == .unspecified { return true }
    return candidates.contains { $0.host == .address(connection) && $0.port == port }
  }
}

extension ICEDescription: CustomStringConvertible {
  /// The lines, each with CR LF: the session's attributes, then each data stream with its own.
  public var description: String {
    var lines: [String] = []
    if isLite { lines.append("\(ICEAttribute.lite)") }
    if let pacing {
      lines.append("\(ICEAttribute.pacing(milliseconds: Self.milliseconds(in: pacing)))")
    }
    lines += session.lines
    if isEnded { lines.append("\(ICEAttribute.endOfCandidates)") }
    for stream in streams { lines += stream.lines }
    return lines.map { $0 + "\r\n" }.joined()
  }

  /// The milliseconds of a Ta, rounded up, and no more than the ten digits of the attribute can say.
  private static func milliseconds(in pacing: Duration) -> UInt64 {
    let longest: UInt64 = 9_999_999_999
    // In whole numbers: the quotient of two durations is a floating-point number.
    let (seconds, attoseconds) = pacing.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard UInt64(seconds) <= longest / 1000 else { return longest }
    let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return min(longest, UInt64(seconds) * 1000 + UInt64(rest))
  }
}

extension ICEDescription.Level {
  fileprivate var lines: [String] {
    var attributes: [ICEAttribute] = []
    if !options.isEmpty { attributes.append(.options(options)) }
    if let credentials {
      attributes.append(.usernameFragment(credentials.usernameFragment))
      attributes.append(.password(credentials.password))
    }
    return attributes.map(\.description)
  }
}

extension ICEDescription.Stream {
  fileprivate var lines: [String] {
    var lines = ["m=\(media)"]
    switch connection {
    case .v4(let address): lines.append("c=IN IP4 \(address)")
    case .v6(let address): lines.append("c=IN IP6 \(address)")
    case nil: break
    }
    if let mid { lines.append("a=mid:\(mid)") }
    lines += level.lines
    if isMismatched { lines.append("\(ICEAttribute.mismatch)") }
    lines += candidates.map { "\(ICEAttribute.candidate($0))" }
    if !remoteCandidates.isEmpty {
      lines.append("\(ICEAttribute.remoteCandidates(remoteCandidates))")
    }
    if isEnded { lines.append("\(ICEAttribute.endOfCandidates)") }
    return lines
  }
}
