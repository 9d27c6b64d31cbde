public import STUNCodec
public import TransportAddress

extension ICEAgent {
  /// What is to be done now, or has happened.
  public enum Action: Hashable, Sendable {
    /// Send these bytes from this base to that address.
    ///
    /// The base is a socket's address, or a relayed one: then the driver hands the bytes to the TURN
    /// client that has it. ICE itself does not know TURN.
    case send([UInt8], from: TransportAddress, to: TransportAddress)
    /// Data of this component goes over this pair from now on, until another one is selected.
    case selected(CandidatePair, StreamComponent)
    /// No data may go over this pair any more: consent has ended, also to an earlier generation's.
    case ended(CandidatePair, StreamComponent, FailureReason)
    /// A component is in another state.
    case component(StreamComponent, ComponentState)
    /// A checklist is in another state.
    case stream(Int, StreamState)
    /// The session is in another state.
    case agent(AgentState)
    /// The agent has the other role now (RFC 8445 §7.2.5.1, §7.3.1.1).
    case role(AgentRole)
    /// A check has revealed a candidate that was not gathered (RFC 8445 §7.2.5.3.1, §7.3.1.3).
    case discovered(Candidate, Discovery, stream: Int)
    /// No check comes to this base any more: the driver may close it (RFC 8445 §8.3.1).
    case release(TransportAddress, stream: Int)
  }

  /// Whose peer-reflexive candidate a check has revealed.
  public enum Discovery: Hashable, Sendable {
    /// The agent's own, by the mapped address of a response.
    case local
    /// The peer's, by the source of a request.
    case remote
  }

  /// What bytes are that came.
  public enum Arrival: Hashable, Sendable {
    /// Not STUN: the application's data on this component (RFC 7983 §7).
    case data(StreamComponent)
    /// STUN that the agent has processed.
    case stun
    /// Nothing that the agent can use; it is counted.
    case dropped(DropReason)
  }

  /// Why a message, or a candidate, is not taken.
  public enum DropReason: Hashable, Sendable {
    /// It came to an address that is no base of the agent's.
    case unknownBase
    /// Its first byte is STUN's, and the rest is no message.
    case notSTUN
    /// FINGERPRINT is wrong, or is missing in a check or a response (RFC 8445 §7.2.4, §7.3).
    case wrongFingerprint
    /// It is STUN with another method than Binding.
    case unknownMethod
    /// It has no, or a wrong, MESSAGE-INTEGRITY or USERNAME: answered with 400 or 401.
    case notAuthentic
    /// A response whose transaction is not known, or is over.
    case unknownTransaction
    /// A response that was not protected as its request was (RFC 8489 §9.1.4).
    case forgedResponse
    /// A response on a path that is not the request's, of a pair that is valid already.
    case asymmetricResponse
    /// It belongs to an earlier generation, or to a later one (RFC 8445 §9).
    case otherGeneration
    /// An early check beyond ``ICEConfiguration/earlyCheckLimit``: answered and not remembered.
    case tooManyEarlyChecks
    /// Its attributes cannot be read, or are not understood: answered with 400 or 420.
    case badRequest
    /// It has no pair to belong to: there are as many as there may be.
    case tooManyPairs
    /// A candidate after the end of candidates (RFC 8838 §14).
    case afterEndOfCandidates
    /// A candidate that is known, or is one too many.
    case ignoredCandidate(ChecklistChange.Reason)
    /// A candidate of a transport that the agent does not speak.
    case transport(TransportProtocol)
    /// A candidate with a priority of 0 or above 2³¹ − 1.
    case priority
    /// A candidate whose address or port no datagram can be sent to.
    case unusableAddress
    /// A consent check was answered with an error that revokes nothing.
    case consentError(ErrorCode)
  }
}

/// A caller's mistake in the use of an ``ICEAgent``.
public enum AgentError: Error, Hashable, Sendable {
  /// The agent has no data stream with this index.
  case noStream(Int)
  /// The stream has no such component.
  case noComponent(StreamComponent)
  /// There are no streams, or one of them has no or more than 256 components.
  case noComponents
  /// The configuration's limit of pairs is below 1.
  case noRoom(limit: Int)
  /// Ta is below 5 ms (RFC 8445 §14.2).
  case pacing(Duration)
  /// Patience is not positive.
  case patience(Duration)
  /// Gathering has been said to be finished in this generation (RFC 8838 §13).
  case gatheringFinished(stream: Int)
  /// The agent sends and receives UDP alone.
  case transport(TransportProtocol)
  /// The base belongs to another component.
  case baseInUse(TransportAddress)
  /// A lite agent has host candidates alone (RFC 8445 §5.2).
  case liteCandidate(CandidateType)
  /// The peer has other credentials than before: restart first (RFC 8445 §9).
  case restartNeeded
  /// A restart must change both the username fragment and the password (RFC 8445 §9).
  case sameCredentials
  /// Both username fragments together do not fit USERNAME.
  case usernameTooLong(byteCount: Int)
}

extension AgentError: CustomStringConvertible {
  /// What was asked for, and why it cannot be.
  public var description: String {
    switch self {
    case .noStream(let stream): "there is no data stream \(stream)"
    case .noComponent(let component): "there is no component \(component)"
    case .noComponents: "an agent has one data stream at least, each with 1 to 256 components"
    case .noRoom(let limit): "a limit of \(limit) pairs leaves no room for one"
    case .pacing(let pacing): "a Ta of \(pacing) is below 5 ms (RFC 8445 §14.2)"
    case .patience(let patience): "a patience of \(patience) is none"
    case .gatheringFinished(let stream):
      "gathering for data stream \(stream) has finished (RFC 8838 §13)"
    case .transport(let transport): "\(transport) is not UDP"
    case .baseInUse(let base): "\(base) is the base of another component"
    case .liteCandidate(let type): "a lite agent has no \(type) candidates (RFC 8445 §5.2)"
    case .restartNeeded: "the peer's credentials have changed: restart first (RFC 8445 §9)"
    case .sameCredentials:
      "a restart changes both username fragment and password (RFC 8445 §9)"
    case .usernameTooLong(let count):
      "both username fragments make a USERNAME of \(count) bytes; it may have 508"
    }
  }
}
