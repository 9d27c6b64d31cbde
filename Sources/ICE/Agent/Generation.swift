import STUN
import STUNCodec
import SansIO
import TransportAddress

/// All that a restart begins anew: credentials, candidates, pairs and their checks (RFC 8445 §9).
struct Generation: Sendable {
  let number: Int
  let credentials: ICECredentials
  /// Takes requests with the agent's own fragment first in USERNAME and its password.
  let authenticator: Authenticator
  var remote: RemoteDescription?
  /// USERNAME and password of the agent's own requests; nil before the description has come.
  var session: ShortTermSession?

  var candidates = LocalCandidates()
  var set: ChecklistSet
  var bases: [TransportAddress: Base] = [:]
  /// What is known of each pair besides its state.
  var records: [PairID: PairRecord] = [:]
  /// For each checklist the pairs whose checks go first, in order (RFC 8445 §6.1.4.1).
  var triggered: [[PairID]]
  /// How many triggered checks have been sent since the last ordinary one.
  var triggeredInRow = 0
  /// For each checklist whether its last ordinary check was one between two hosts: the next one is for a
  /// pair through a NAT.
  var isReflexiveTurn: [Bool]
  var components: [[Component]]
  /// For each stream, whether the agent has gathered its last candidate.
  var gatheringFinished: [Bool]
  /// For each stream, whether the peer has signaled its last candidate.
  var remoteFinished: [Bool]
  /// The peer's candidates that no pair can be made of.
  var leftOut: [LeftOutCandidate] = []
  /// Checks that came before the description.
  var earlyChecks: [IncomingCheck] = []
  /// When failures begin to count; nil before the checks begin (RFC 8863 §4).
  var patienceEnd: Instant?
  /// The number of the agent's latest nomination.
  var nominationNumber: UInt32 = 0
  /// How many peer-reflexive remote candidates have been given a foundation.
  var remoteDiscoveries: UInt32 = 0

  init(number: Int, role: AgentRole, credentials: ICECredentials, streams: [Int], limit: Int) {
    self.number = number
    self.credentials = credentials
    authenticator = Self.authenticator(credentials)
    do throws(ChecklistError) {
      set = try ChecklistSet(
        role: role, streams: streams.map { _ in ChecklistSet.Stream() }, limit: limit)
    } catch {
      preconditionFailure("the limit has been checked: \(error)")
    }
    triggered = streams.map { _ in [] }
    isReflexiveTurn = streams.map { _ in false }
    components = streams.map { count in
      (1...UInt16(count)).compactMap { ComponentID(rawValue: $0).map { Component(id: $0) } }
    }
    gatheringFinished = streams.map { _ in false }
    remoteFinished = streams.map { _ in false }
  }

  private static func authenticator(_ credentials: ICECredentials) -> Authenticator {
    do throws(STUNConfigurationError) {
      return Authenticator(
        .shortTerm(
          try Authenticator.ShortTerm(
            username: .beginning(with: credentials.usernameFragment + ":"),
            password: credentials.password)))
    } catch {
      preconditionFailure("ice-chars are ASCII: \(error)")
    }
  }

  func contains(_ component: StreamComponent) -> Bool {
    components.indices.contains(component.stream)
      && Int(component.component.rawValue) <= components[component.stream].count
  }

  /// The component's record; the component must exist.
  subscript(component: StreamComponent) -> Component {
    get { components[component.stream][Int(component.component.rawValue) - 1] }
    set { components[component.stream][Int(component.component.rawValue) - 1] = newValue }
  }

  /// All components, in order.
  var allComponents: [StreamComponent] {
    components.indices.flatMap { stream in
      components[stream].map { StreamComponent(stream: stream, component: $0.id) }
    }
  }

  /// The component that a pair is for.
  func component(of id: PairID) -> StreamComponent? {
    set[id].map { StreamComponent(stream: id.checklist, component: $0.local.component) }
  }
}

/// What an agent remembers of a component.
struct Component: Sendable {
  let id: ComponentID
  var state = ComponentState.new
  /// The pair whose nomination is under way, on the controlling side.
  var nominating: PairID?
  /// When the first check of the component succeeded.
  var firstValid: Instant?
}

/// What sends from an address, and the candidate that requests to it belong to.
struct Base: Sendable {
  var component: StreamComponent
  var candidate: Candidate
}

/// What an agent remembers of a pair.
struct PairRecord: Sendable {
  /// The latest check, whose failure counts.
  var transaction: TransactionID?
  var sentAt: Instant?
  /// How long after the latest check it is sent again.
  var rto: Duration = ICEConstants.lowestRTO
  /// When the pair's first check was sent.
  var firstSentAt: Instant?
  /// How many checks have begun.
  var checkCount = 0
  /// Whether the latest check was triggered by one of the peer's.
  var isTriggered = false
  /// Whether the next check is one that the peer triggers.
  var wasTriggered = false
  /// Whether the next check nominates.
  var nominates = false
  /// Whether the peer has nominated the pair before its own check has succeeded (RFC 8445 §7.3.1.5).
  var isNominatedByPeer = false
  /// Whether a check without USE-CANDIDATE has come: the peer nominates regularly, not in every check.
  var hasPlainCheck = false
  /// The peer's latest nominating request, of which copies may come late.
  var nomination: TransactionID?
  /// The number of the peer's latest nomination of the pair; 0 for one without.
  var nominationNumber: UInt32 = 0
  /// The local candidate of the valid pair that a check has made; nil while there is none.
  var valid: Candidate?
  /// When the last valid response came, to a check or a consent check.
  var lastResponse: Instant?
  var roundTrip: Duration?
  var failure: PairFailure?
}

/// A check of the peer's that has been answered and whose consequences are to be drawn.
struct IncomingCheck: Hashable, Sendable {
  var id: TransactionID
  var source: TransportAddress
  var base: TransportAddress
  /// PRIORITY: what a peer-reflexive candidate gets; nil if it is missing or no priority.
  var priority: UInt32?
  var usesCandidate: Bool
  /// NOMINATION, where both agents agree to several nominations; otherwise nil.
  var nominationNumber: UInt32?
  /// The peer's part of USERNAME.
  var usernameFragment: String
}

/// What the peer's signaling has told too early.
struct EarlySignal: Sendable {
  var stream: Int
  /// The generation that it belongs to; nil for the next description, whichever it is.
  var usernameFragment: String?
  /// nil for the end of candidates.
  var candidate: Candidate?
}

/// What is still needed of a generation after a restart: requests to it get their responses.
struct EarlierGeneration: Sendable {
  let authenticator: Authenticator
  let bases: [TransportAddress: Base]
}

/// The pair over which a component's data goes, and the consent to send there.
struct DataPath: Sendable {
  let generation: Int
  let id: PairID
  let pair: CandidatePair
  let session: ShortTermSession?
  /// Whether the pair has been nominated; before that it is a valid one (RFC 8445 §12.1).
  let isSelected: Bool
  let isLitePeer: Bool
  /// When the last valid response came to a check of the pair: consent counts from there.
  var lastResponse: Instant
}

/// What a check is for.
struct CheckTag: Sendable {
  let pair: PairID
  let generation: Int
  let base: TransportAddress
  /// PRIORITY, which a local peer-reflexive candidate gets.
  let priority: UInt32
  let role: AgentRole
  let nominates: Bool
}

/// What a consent check is for.
struct ConsentTag: Sendable {
  let component: StreamComponent
  let generation: Int
  let base: TransportAddress
}
