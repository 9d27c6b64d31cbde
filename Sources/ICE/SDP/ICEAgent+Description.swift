public import SansIO

extension ICEAgent {
  /// What the agent has to signal so far: its credentials, options and candidates (RFC 8839 §4).
  ///
  /// - Parameter media: the `m=` line of each data stream behind its `=`.
  /// - Precondition: there are as many lines as data streams.
  public func localDescription(media: [String]) -> ICEDescription {
    precondition(media.count == checklists.checklists.count, "each data stream has an m= line")
    var description = ICEDescription()
    description.session = ICEDescription.Level(
      credentials: credentials,
      options: ["ice2", "trickle"] + (configuration.renominates ? ["renomination"] : []))
    description.isLite = configuration.isLite
    if configuration.pacing != ICEConstants.pacing { description.pacing = configuration.pacing }
    for (index, line) in media.enumerated() {
      var stream = ICEDescription.Stream(media: line)
      // What checks have revealed is the peer's to learn by its own checks.
      stream.candidates = checklists.checklists[index].local
        .filter { $0.type != .peerReflexive }.map { CandidateAttribute($0) }
      stream.isEnded = current.gatheringFinished[index]
      description.streams.append(stream)
    }
    return description
  }

  /// The peer's description has come, with the candidates that are in it (RFC 8839 §4).
  ///
  /// Candidates with names, which are still to be resolved, and of transports that are not known are
  /// left out: ``leftOutCandidates`` has them.
  /// - Throws: for credentials that differ from this generation's. Data streams that the agent does
  ///   not have, and a description without credentials, are no errors: they change nothing.
  public mutating func remoteDescriptionReceived(
    _ description: ICEDescription, at now: Instant
  ) throws(AgentError) {
    guard let remote = description.remoteDescription else { return }
    try remoteDescriptionReceived(remote, at: now)
    for (index, stream) in description.streams.enumerated() {
      guard index < checklists.checklists.count else { break }
      for line in stream.candidates {
        try remoteCandidateReceived(line, stream: index, at: now)
      }
      if stream.isEnded || description.isEnded {
        try remoteCandidatesEnded(stream: index, at: now)
      }
    }
  }

  /// The peer has signaled a candidate, as the line of it stands in SDP (RFC 8839 §5.1).
  ///
  /// One that no pair can be made of is no error: ``leftOutCandidates`` has it.
  /// - Parameter usernameFragment: the fragment in the candidate's line, which tells the generation.
  /// - Throws: for a stream that the agent does not have.
  public mutating func remoteCandidateReceived(
    _ line: CandidateAttribute, stream: Int = 0, usernameFragment: String? = nil, at now: Instant
  ) throws(AgentError) {
    try checkStream(stream)
    if let reason = LeftOutCandidate.reason(for: line) {
      let leftOut = LeftOutCandidate(line: line, stream: stream, reason: reason)
      // As many as pairs: a peer's list must not grow without end.
      if current.leftOut.count < configuration.pairLimit, !current.leftOut.contains(leftOut) {
        current.leftOut.append(leftOut)
      }
    }
    guard let candidate = line.candidate else { return }
    try remoteCandidateReceived(
      candidate, stream: stream, usernameFragment: usernameFragment, at: now)
  }

  /// The peer's candidates of this generation that no pair is made of, in the order of signaling.
  public var leftOutCandidates: [LeftOutCandidate] { current.leftOut }
}
