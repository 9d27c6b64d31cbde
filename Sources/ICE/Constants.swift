/// The numbers of ICE, each with what its RFC says about it.
public enum ICEConstants {
  // MARK: Candidates

  /// The type preference of host candidates: the best there is (RFC 8445 §5.1.2.2).
  public static let hostPreference: UInt8 = 126

  /// The type preference of peer-reflexive candidates.
  ///
  /// It must be higher than that of server-reflexive ones (RFC 8445 §5.1.2.1): the RFC recommends
  /// this value (RFC 8445 §5.1.2.2).
  public static let peerReflexivePreference: UInt8 = 110

  /// The type preference of server-reflexive candidates (RFC 8445 §5.1.2.2).
  public static let serverReflexivePreference: UInt8 = 100

  /// The type preference of relayed candidates: the last resort (RFC 8445 §5.1.2.2).
  public static let relayedPreference: UInt8 = 0

  /// The highest type preference: it is an integer from 0 to 126 (RFC 8445 §5.1.2.1).
  public static let highestTypePreference: UInt8 = 126

  /// The local preference of an agent with one IP address, which is to take the highest (RFC 8445
  /// §5.1.2.1).
  public static let highestLocalPreference: UInt16 = 65535

  /// The highest priority: it is a positive integer up to 2³¹ − 1 (RFC 8445 §5.1.2).
  public static let highestPriority: UInt32 = 1 << 31 - 1

  /// The component IDs: integers from 1 to 256 (RFC 8445 §5.1.2.1, RFC 8839 §5.1).
  public static let componentIDs: ClosedRange<UInt16> = 1...256

  /// The length of a foundation in characters: 1 to 32 ice-chars (RFC 8839 §5.1).
  public static let foundationLength: ClosedRange<Int> = 1...32

  // MARK: Credentials

  /// The length of a username fragment in characters.
  ///
  /// It must hold 24 bits of randomness, 6 in each ice-char (RFC 8445 §5.3). One that is received
  /// may have up to 256 characters, one that is sent 32 (RFC 8839 §5.4).
  public static let usernameFragmentLength: ClosedRange<Int> = 4...256

  /// The length of a password in characters.
  ///
  /// It must hold 128 bits of randomness, 6 in each ice-char (RFC 8445 §5.3), and may have up to
  /// 256 characters (RFC 8839 §5.4).
  public static let passwordLength: ClosedRange<Int> = 22...256

  // MARK: Checks

  /// The number of pairs in a checklist set.
  ///
  /// An agent must limit how many checks it performs over all checklists. The limit must be
  /// configurable, and 100 is its default (RFC 8445 §6.1.2.5).
  public static let pairLimit = 100

  /// Ta, the time between two transactions of an agent, gathering and checks together.
  ///
  /// The RFC recommends this default. An agent that wants another value proposes it to its peer,
  /// and both use the higher one (RFC 8445 §14.2).
  public static let pacing: Duration = .milliseconds(50)

  /// The shortest time between two transactions of all agents on a host together (RFC 8445 §14.2).
  public static let lowestPacing: Duration = .milliseconds(5)

  /// The longest Ta that a peer can impose.
  ///
  /// RFC 8839 §5.5 lets `a=ice-pacing` name up to 10 digits of milliseconds, which would be months. This
  /// is the longest that ICE has ever asked for: what RFC 5245 §16.2 has for data that is not RTP.
  public static let highestPacing: Duration = .milliseconds(500)

  /// The shortest retransmission timeout: an agent must not use a smaller one (RFC 8445 §14.3).
  public static let lowestRTO: Duration = .milliseconds(500)

  /// How long an agent waits for a pair to succeed before it declares failure.
  ///
  /// The timer starts with the checks. Its default is the time that a STUN transaction with the
  /// default parameters takes to fail, since the peer may still come with a check of its own
  /// (RFC 8863 §4).
  public static let patience: Duration = .milliseconds(39_500)

  /// How long an agent answers checks on candidates that were not selected.
  ///
  /// It should wait this long after a checklist has completed before it frees them (RFC 8445
  /// §8.3.1).
  public static let freeingDelay: Duration = .seconds(3)

  // MARK: Consent and keepalives

  /// The mean time between two consent checks on a pair.
  ///
  /// Each period is drawn anew with ``consentJitter``, so that the checks of many agents do not
  /// fall together (RFC 7675 §5.1).
  public static let consentInterval: Duration = .seconds(5)

  /// The factors between which each consent period is drawn: 0.8 to 1.2 (RFC 7675 §5.1).
  public static let consentJitter: ClosedRange<Double> = 0.8...1.2

  /// How long consent lasts after the last valid response; then sending must end (RFC 7675 §5.1).
  public static let consentLifetime: Duration = .seconds(30)

  /// Tr, the longest silence on a pair in use before a keepalive is sent.
  ///
  /// The RFC recommends 15 seconds and forbids less (RFC 8445 §11).
  public static let keepaliveInterval: Duration = .seconds(15)
}
