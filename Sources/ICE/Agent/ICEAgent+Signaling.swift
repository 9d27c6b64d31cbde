import STUN
import STUNCodec
public import SansIO
import TransportAddress

extension ICEAgent {
  // MARK: The agent's own candidates

  /// A candidate has been gathered: it gets a foundation, and pairs with the peer's candidates.
  ///
  /// The base is how the agent names the socket or the relay that sends for the candidate.
  /// - Returns: whether the candidate is new: then it is to be signaled.
  /// - Throws: for a stream, a component or a transport that the agent does not have, a base of
  ///   another component, and after ``gatheringFinished(stream:at:)``. A redundant candidate is no
  ///   error.
  @discardableResult
  public mutating func gathered(
    _ candidate: GatheredCandidate, stream: Int = 0, at now: Instant
  ) throws(AgentError) -> LocalCandidates.Addition {
    try checkStream(stream)
    let component = StreamComponent(stream: stream, component: candidate.component)
    guard current.contains(component) else { throw .noComponent(component) }
    guard candidate.transport == .udp else { throw .transport(candidate.transport) }
    guard !current.gatheringFinished[stream] else { throw .gatheringFinished(stream: stream) }
    if configuration.isLite, candidate.type != .host { throw .liteCandidate(candidate.type) }
    if let base = current.bases[candidate.base], base.component != component {
      throw .baseInUse(candidate.base)
    }
    let addition = current.candidates.add(candidate)
    switch addition {
    case .redundant: break
    case .added(let new), .replaced(_, let new):
      // Requests to the base belong to the candidate that is the base itself (RFC 8445 §7.3.1.4).
      if current.bases[new.base] == nil || new.address == new.base {
        current.bases[new.base] = Base(component: component, candidate: new)
      }
      apply(try? current.set.add(local: new, to: stream), at: now)
      drawEarlyConclusions(at: now)
    }
    return addition
  }

  /// Gathering for a stream has finished; signal the end of candidates (RFC 8838 §13).
  ///
  /// - Throws: for a stream that the agent does not have. A second call changes nothing.
  public mutating func gatheringFinished(
    stream: Int = 0, at now: Instant
  ) throws(AgentError) {
    try checkStream(stream)
    current.gatheringFinished[stream] = true
    considerFailure(at: now)
  }

  // MARK: The peer's description

  /// The peer's description has come: from now on checks are sent.
  ///
  /// Candidates and checks that came before it are taken up (RFC 8445 §7.3). If one agent alone is
  /// lite, the other one controls (RFC 8445 §6.1.1).
  /// - Throws: for credentials that differ from this generation's. The same description again is
  ///   no error.
  public mutating func remoteDescriptionReceived(
    _ description: RemoteDescription, at now: Instant
  ) throws(AgentError) {
    if let known = current.remote {
      guard known.credentials == description.credentials else { throw .restartNeeded }
      return
    }
    let username = Self.username(description, current.credentials)
    guard username.utf8.count <= 508 else {
      throw .usernameTooLong(byteCount: username.utf8.count)
    }
    do throws(OpaqueStringError) {
      current.session = try ShortTermSession(
        username: username, password: description.credentials.password, integrity: .sha1,
        fingerprint: true)
    } catch {
      preconditionFailure("ice-chars are ASCII: \(error)")
    }
    current.remote = description
    if configuration.isLite != description.isLite {
      setRole(configuration.isLite ? .controlled : .controlling, at: now)
    }
    let patienceEnd = now.advanced(by: configuration.patience)
    current.patienceEnd = patienceEnd
    timers.set(.patience, at: patienceEnd)
    timers.set(.lastChance, at: patienceEnd.advanced(by: configuration.patience))
    for component in current.allComponents { setState(of: component, to: .checking, at: now) }
    reportState()

    let signals = early
    early = []
    for signal in signals { take(signal, at: now) }
    drawEarlyConclusions(at: now)
    scheduleCheck(at: now)
  }

  private static func username(
    _ description: RemoteDescription, _ own: ICECredentials
  ) -> String {
    // The one who is asked comes first (RFC 8445 §7.2.2).
    "\(description.credentials.usernameFragment):\(own.usernameFragment)"
  }

  /// The peer has signaled a candidate, with its description or later (RFC 8838 §11).
  ///
  /// One that comes before the description is kept until that has come. One that is known as
  /// peer-reflexive already takes what is signaled; its pairs stay (RFC 8445 §7.3.1.3).
  /// - Parameter usernameFragment: the fragment in the candidate's line, which tells the generation.
  /// - Throws: for a stream that the agent does not have. Candidates that cannot be used are no
  ///   errors: they are counted in ``drops``.
  public mutating func remoteCandidateReceived(
    _ candidate: Candidate, stream: Int = 0, usernameFragment: String? = nil, at now: Instant
  ) throws(AgentError) {
    try checkStream(stream)
    take(
      EarlySignal(stream: stream, usernameFragment: usernameFragment, candidate: candidate),
      at: now)
  }

  /// The peer has signaled the last candidate of a stream (RFC 8838 §14).
  ///
  /// - Throws: for a stream that the agent does not have.
  public mutating func remoteCandidatesEnded(
    stream: Int = 0, usernameFragment: String? = nil, at now: Instant
  ) throws(AgentError) {
    try checkStream(stream)
    take(
      EarlySignal(stream: stream, usernameFragment: usernameFragment, candidate: nil), at: now)
  }

  /// Takes up what was signaled, or keeps it if its description is still to come.
  private mutating func take(_ signal: EarlySignal, at now: Instant) {
    guard let remote = current.remote,
      signal.usernameFragment.map({ $0 == remote.credentials.usernameFragment }) ?? true
    else {
      guard early.count < configuration.pairLimit else {
        drop(.ignoredCandidate(.tooMany))
        return
      }
      early.append(signal)
      return
    }
    guard let candidate = signal.candidate else {
      current.remoteFinished[signal.stream] = true
      selectAmongLites(signal.stream, at: now)
      considerFailure(at: now)
      return
    }
    guard !current.remoteFinished[signal.stream] else {
      drop(.afterEndOfCandidates)
      return
    }
    guard candidate.transport == .udp else {
      drop(.transport(candidate.transport))
      return
    }
    guard (1...ICEConstants.highestPriority).contains(candidate.priority) else {
      drop(.priority)
      return
    }
    guard candidate.address.port != 0, candidate.address.address.canReceiveChecks else {
      drop(.unusableAddress)
      return
    }
    let change = try? current.set.add(remote: candidate, to: signal.stream)
    if let reason = change?.ignored { drop(.ignoredCandidate(reason)) }
    apply(change, at: now)
  }

  // MARK: Inside

  func checkStream(_ stream: Int) throws(AgentError) {
    guard current.components.indices.contains(stream) else { throw .noStream(stream) }
  }

  /// Forgets the pairs that have gone, and lets new ones be checked.
  mutating func apply(_ change: ChecklistChange?, at now: Instant) {
    guard let change else { return }
    for id in change.removed {
      current.records[id] = nil
      current.triggered[id.checklist].removeAll { $0 == id }
      timers.cancel(.liteFallback(id))
    }
    if !change.added.isEmpty { scheduleCheck(at: now) }
  }

  /// Takes the checks up that came before the description, or before the candidate of their base.
  private mutating func drawEarlyConclusions(at now: Instant) {
    guard let remote = current.remote, !current.earlyChecks.isEmpty else { return }
    let checks = current.earlyChecks
    current.earlyChecks = []
    for check in checks {
      if check.usernameFragment != remote.credentials.usernameFragment {
        drop(.otherGeneration)
      } else if let base = current.bases[check.base] {
        drawConclusions(from: check, to: base, at: now)
      } else {
        current.earlyChecks.append(check)
      }
    }
  }
}

extension IPAddress {
  /// Whether a check may be sent there: to one host, not to many or to none.
  var canReceiveChecks: Bool {
    switch classification {
    case .unspecified, .thisNetwork, .multicast, .broadcast: false
    default: true
    }
  }
}
