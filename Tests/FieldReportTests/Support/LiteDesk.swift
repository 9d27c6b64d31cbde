import ICE
import STUNCodec
import SansIO
import TransportAddress

/// A lite agent, and a full peer that a test plays message by message.
struct LiteDesk {
  static let base: TransportAddress = "192.0.2.1:5000"
  private static let own = try! ICECredentials(
    usernameFragment: "lite", password: "litePasswordOf22iceChars")
  private static let peer = try! ICECredentials(
    usernameFragment: "full", password: "fullPasswordOf22iceChars")

  var agent: ICEAgent
  private var now = Instant.zero
  private var generator = SeededGenerator(seed: 24)

  /// - Parameter renominates: whether both agree to several nominations.
  init(renominates: Bool = false) throws {
    var configuration = ICEConfiguration()
    configuration.isLite = true
    configuration.renominates = renominates
    agent = try ICEAgent(
      role: .controlled, configuration: configuration, credentials: Self.own, tiebreaker: 1)
    try agent.gathered(.host(Self.base), at: now)
    try agent.gatheringFinished(at: now)
    try agent.remoteDescriptionReceived(
      RemoteDescription(Self.peer, renominates: renominates, trickles: true), at: now)
  }

  /// Where the agent's data goes.
  var destination: TransportAddress? { agent.pair()?.remote.address }

  /// A check of the peer's.
  mutating func check(
    use: Bool = false, priority: UInt32 = 1_862_270_975, nomination: UInt32? = nil
  ) throws -> [UInt8] {
    try STUNMessage.encode(.bindingRequest, transactionID: .random(using: &generator)) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(username: "lite:full")
      try message.append(priority: priority)
      try message.append(iceControlling: 7)
      if use { try message.appendUseCandidate() }
      if let nomination { try message.append(nomination: nomination) }
      try message.appendMessageIntegrity(
        MessageIntegrityKey(shortTermPassword: Self.own.password))
      try message.appendFingerprint()
    }
  }

  /// Lets a check come from an address.
  ///
  /// - Returns: whether it was answered with success.
  mutating func deliver(_ check: [UInt8], from source: TransportAddress) -> Bool {
    now = now.advanced(by: .milliseconds(100))
    _ = agent.received(check.span, from: source, to: Self.base, at: now, using: &generator)
    var isAnswered = false
    while let action = agent.nextAction() {
      guard case .send(let bytes, Self.base, source) = action else { continue }
      isAnswered = (try? STUNMessage(bytes))?.type == .bindingSuccessResponse
    }
    return isAnswered
  }
}
