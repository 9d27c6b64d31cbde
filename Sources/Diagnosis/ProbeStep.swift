/// A step of a diagnosis: what was tried, how it went, and why it failed.
public struct ProbeStep: Hashable, Sendable {
  /// What was tried.
  public enum Name: String, Hashable, Sendable {
    /// Finding the addresses of the server's name.
    case resolve
    /// Connecting by TCP.
    case connect
    /// The TLS handshake, with the server's certificate.
    case tls
    /// Asking for the own address by a Binding request.
    case binding
    /// Asking for a relayed address.
    case allocate
    /// Asking for permissions.
    case permission
    /// Sending data through the relay to the relayed address itself.
    case relay
    /// Sending a datagram from here to the relayed address, and an answer back through the relay.
    case outside
    /// Giving the relayed address back.
    case release
  }

  /// How it went.
  public enum Outcome: String, Hashable, Sendable {
    /// As it should.
    case passed
    /// It did not work.
    case failed
    /// It could not be tried, or its failure means nothing.
    case skipped
  }

  /// What was tried.
  public var name: Name
  /// How it went.
  public var outcome: Outcome
  /// How long it took.
  public var duration: Duration
  /// What was found, in a phrase.
  public var finding: String
  /// Why it failed, the likeliest first, each in a line or two.
  public var causes: [String]

  /// A step and what came of it.
  public init(
    _ name: Name, _ outcome: Outcome, _ duration: Duration, _ finding: String,
    causes: [String] = []
  ) {
    self.name = name
    self.outcome = outcome
    self.duration = duration
    self.finding = finding
    self.causes = causes
  }
}

/// What came of the diagnosis of a server.
public enum ServerVerdict: String, Hashable, Sendable {
  /// It works.
  case works
  /// It does not.
  case fails
  /// It does not answer.
  case silent
}
