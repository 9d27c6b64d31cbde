/// What must survive any bytes whatever: each is run by libFuzzer and replayed by the tests.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// Every accessor of the codec.
  case decode
  /// What was decoded, written again, is read as the same.
  case roundTrip
  /// MESSAGE-INTEGRITY and its SHA-256 form, with keys of several kinds.
  case integrity
  /// A stream, cut into pieces of every size.
  case framing
  /// The annotated dump, and the reading of hexadecimal text.
  case text
  /// Capture files and what is in their frames.
  case capture
  /// Packets as bytes through a NAT, damaged and sound, in both directions.
  case natBytes
  /// A story of packets, answers and time through a NAT of any configuration.
  case natEvents
  /// A story of requests, data and time at a relay.
  case relayEvents
  /// A story of a relay's client and a server that says whatever it likes.
  case relayClient
  /// Session descriptions, and an agent that is told of them.
  case description
  /// A story of an ICE agent and a peer that does whatever it likes.
  case iceEvents
  /// RTP and RTCP, and one side of a call that takes them.
  case media
  /// Responses of DNS, and a resolver of names that takes them.
  case names
  /// A story of a signaling server whose clients do whatever they like.
  case signaling

  /// The longest input worth trying, in bytes.
  ///
  /// Bytes that a target does not reach are not worth a mutation: all of a dump's fields are reached
  /// below 512, and the end of a NAT's scenario too.
  public var longestInput: Int {
    switch self {
    case .text, .natBytes: 512
    case .natEvents: 320
    case .relayEvents: 640
    case .relayClient: 192
    case .iceEvents: 448
    case .decode, .roundTrip, .integrity, .framing, .capture, .description, .media, .names,
      .signaling:
      1024
    }
  }

  /// Feeds the target one input; traps when something that must hold does not.
  public func run(_ bytes: [UInt8]) {
    switch self {
    case .decode: decodeEverything(bytes)
    case .roundTrip: encodeAgain(bytes)
    case .integrity: checkIntegrity(bytes)
    case .framing: frameInPieces(bytes)
    case .text: explain(bytes)
    case .capture: readCapture(bytes)
    case .natBytes: translateBytes(bytes)
    case .natEvents: tellStory(bytes)
    case .relayEvents: tellRelayStory(bytes)
    case .relayClient: tellRelayClientStory(bytes)
    case .description: readDescription(bytes)
    case .iceEvents: besiege(bytes)
    case .media: readMedia(bytes)
    case .names: resolveNames(bytes)
    case .signaling: converse(bytes)
    }
  }
}
