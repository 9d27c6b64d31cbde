import FoundationEssentials
import Glibc
import ICE
import SansIO
import Sockets
import TestSupport
import TransportAddress

/// An agent of ours with one socket, which tells and is told line by line, in files that grow.
///
/// `connect` exchanges whole descriptions. This one can trickle candidates and restart.
struct LineAgent: ~Copyable {
  private(set) var agent: ICEAgent
  /// Whether the other has told its last candidate.
  private(set) var isOtherComplete = false
  private var heard: [String] = []

  private let street: ConnectStreet
  private let own: String
  private let other: String
  private var loop: SocketLoop
  private let socket: SocketID
  private let base: TransportAddress
  private var generator: SystemRandomNumberGenerator
  private var lineCount = 0
  private var usernameFragment = ""

  /// Opens the socket, in the network that this thread is in; the files are in the street's folder.
  init(
    _ role: AgentRole, at address: IPAddress, telling own: String, told other: String,
    _ street: ConnectStreet
  ) throws {
    var generator = SystemRandomNumberGenerator()
    let agent = try ICEAgent(role: role, using: &generator)
    var loop = SocketLoop()
    let socket = try loop.open(TransportAddress(address, port: 0))
    guard let opened = loop[socket] else { throw TestNetwork.Failure(description: "no socket") }
    base = opened.localAddress
    self.street = street
    self.own = street.folder.path + "/" + own
    self.other = other
    (self.agent, self.socket, self.generator) = (agent, socket, generator)
    self.loop = loop
  }

  // MARK: Telling

  /// Tells username fragment and password.
  mutating func tellCredentials() throws {
    try tell(.usernameFragment(agent.credentials.usernameFragment))
    try tell(.password(agent.credentials.password))
  }

  /// Has the one candidate, and tells it and that it is the last.
  mutating func tellCandidate() throws {
    try agent.gathered(.host(base), at: loop.now)
    try agent.gatheringFinished(at: loop.now)
    for candidate in agent.localCandidates { try tell(.candidate(CandidateAttribute(candidate))) }
    try tell(.endOfCandidates)
  }

  /// Begins anew, and tells so.
  mutating func restart() throws {
    agent.restarted(at: loop.now, using: &generator)
    try tellCredentials()
    try tellCandidate()
  }

  private func tell(_ attribute: ICEAttribute) throws {
    let file = open(own, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    defer { close(file) }
    let line = Array("\(attribute)\n".utf8)
    guard write(file, line, line.count) == line.count else {
      throw TestNetwork.Failure(description: "\(own) cannot be written")
    }
  }

  // MARK: Being told

  /// Takes the lines that have come since.
  private mutating func listen() throws {
    // The last line may not be whole yet.
    let lines = street.text(other).split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines.dropLast().dropFirst(lineCount) {
      lineCount += 1
      switch try ICEAttribute(parsing: line) {
      case .usernameFragment(let text): usernameFragment = text
      case .password(let text):
        isOtherComplete = false
        // Known credentials that change are a restart by the other (RFC 8839 §4.4.1.1.1).
        if agent.remoteDescription != nil { try restart() }
        let credentials = try ICECredentials(usernameFragment: usernameFragment, password: text)
        try agent.remoteDescriptionReceived(
          RemoteDescription(credentials, trickles: true), at: loop.now)
      case .candidate(let candidate):
        try agent.remoteCandidateReceived(candidate, at: loop.now)
      case .endOfCandidates:
        isOtherComplete = true
        try agent.remoteCandidatesEnded(at: loop.now)
      default: break
      }
    }
  }

  // MARK: Talking

  /// Sends a word over the pair in use.
  mutating func say(_ word: String) throws {
    guard let pair = agent.pair() else { throw TestNetwork.Failure(description: "no pair") }
    try loop[socket]?.send(([192] + Array(word.utf8)).span, to: pair.remote.address)
  }

  /// Sends a word, and waits until it comes back.
  mutating func converse(_ word: String) throws {
    try say(word)
    try wait("\(word) from the other") { $0.heard.contains(word) }
  }

  /// Does what the agent wants done, until something holds.
  mutating func wait(_ what: String, _ holds: (borrowing LineAgent) -> Bool) throws {
    let end = loop.now.advanced(by: .seconds(30))
    while true {
      try listen()
      while let action = agent.nextAction() {
        guard case .send(let bytes, _, let remote) = action else { continue }
        try loop[socket]?.send(bytes.span, to: remote)
      }
      if holds(self) { return }
      guard loop.now < end else {
        throw TestNetwork.Failure(description: "waited in vain for \(what)\n\(street.log)")
      }
      let look = loop.now.advanced(by: .milliseconds(20))
      switch try loop.next(before: min(agent.nextDeadline ?? look, look)) {
      case .received(let arrival, _):
        let kind = agent.received(
          loop.bytes, from: arrival.source, to: base, at: loop.now, using: &generator)
        guard case .data = kind else { continue }
        let block = loop.bytes.withUnsafeBufferPointer { Array($0) }
        heard.append(String(decoding: block.dropFirst(), as: UTF8.self))
      case .deadline:
        if let due = agent.nextDeadline, due <= loop.now {
          agent.timerFired(at: loop.now, using: &generator)
        }
      case .failed, .stopped: break
      }
    }
  }
}
