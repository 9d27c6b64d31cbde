public import ICE
public import NATTable
import SansIO
public import Simulator

/// Alice and Bob from the moment on at which both lists of candidates are there: what their agents do.
///
///     var call = CheckedMeeting(home: .symmetric, cabin: .restrictedCone)
///     call.run(until: .milliseconds(70))
///     print(Ladder(call.trace).text(width: 74))
///
/// It is `Meeting` with ICE agents, which act by themselves: they have gathered, Alice's offer has come to
/// Bob, and his answer is on its way to her. Time zero is when Bob's first check may be sent.
public struct CheckedMeeting: Sendable {
  /// The call, with all that has happened in it.
  public private(set) var call: Call
  /// What happened in the last run; its times count from time zero.
  public private(set) var trace: Trace
  private let start: Instant
  /// How many events were there when the last run ended.
  private var seenCount: Int

  /// Alice at home and Bob in his cabin, behind a NAT each.
  ///
  /// - Parameters:
  ///   - hasRelay: whether both have a relayed candidate as well. Gathering takes longer then, and his
  ///     first check has been sent when it begins.
  ///   - answerDelay: how long his answer is on its way to her.
  ///   - answerPassword: the password that his answer tells her; nil for the one that he has.
  ///   - bothControl: whether Bob's agent takes itself for the controlling one, too.
  ///   - seed: decides everything that happens by chance.
  /// - Precondition: ICE allows such a password.
  public init(
    home: NATTable.Configuration, cabin: NATTable.Configuration, hasRelay: Bool = false,
    answerDelay: Duration = .milliseconds(60), answerPassword: String? = nil,
    bothControl: Bool = false, seed: UInt64 = 1
  ) {
    var alteration: CallPlan.Alteration?
    if let answerPassword {
      alteration = { _, signal, _ in Self.replacing(password: answerPassword, in: signal) }
    }
    call = Call(
      .nat("home", home), .nat("cabin", cabin), seed: seed,
      signaling: SignalingPath(latency: answerDelay), trickling: .none, hasRelay: hasRelay,
      link: Link(latency: .milliseconds(4)), bothControl: bothControl, alteration: alteration)
    while call.endpoint(of: .bob).agent.state == .new { call.run(for: .milliseconds(1)) }
    // Gathering began less than Ta ago, so that his first check must wait; with a relay it takes longer,
    // and the first check is on its way.
    let agent = call.endpoint(of: .bob).agent
    let waits = agent.checklists.checklists[0].pairs.allSatisfy { $0.state == .waiting }
    start = waits ? agent.nextDeadline ?? call.network.time : call.network.time
    seenCount = call.network.trace.events.count
    trace = call.network.trace.since(seenCount)
  }

  /// A signal in which each answer has another password.
  private static func replacing(password: String, in signal: Signal) -> Signal {
    switch signal {
    case .answer(let number, var description):
      let name = description.credentials.usernameFragment
      guard let credentials = try? ICECredentials(usernameFragment: name, password: password) else {
        preconditionFailure("ICE allows the password")
      }
      description.credentials = credentials
      return .answer(number, description)
    case .whole(let signals):
      return .whole(signals.map { replacing(password: password, in: $0) })
    case .offer, .candidate, .endOfCandidates, .restartWanted: return signal
    }
  }

  /// Lets the time pass until so long after time zero.
  public mutating func run(until time: Duration) {
    let end = start.advanced(by: time)
    guard end > call.network.time else { return }
    call.run(for: call.network.time.duration(to: end))
    keepTrace()
  }

  /// Lets both send their tones for some time, over the pair in use.
  ///
  /// The trace is of that time, and not of the goodbyes, for which half a second more passes.
  /// - Returns: false if there is no pair that they may go over.
  @discardableResult
  public mutating func talk(for duration: Duration) -> Bool {
    guard call.startTalking(for: duration, playoutDelay: .zero) else { return false }
    call.run(for: duration)
    keepTrace()
    call.stopTalking()
    call.run(for: .milliseconds(500))
    seenCount = call.network.trace.events.count
    return true
  }

  /// Takes what has happened since the last run for the trace.
  private mutating func keepTrace() {
    trace = call.network.trace.excerpt(from: seenCount, countingFrom: start)
      .withoutReports { $0.hasPrefix("hears of ") || $0.hasPrefix("signals ") }
    seenCount = call.network.trace.events.count
  }

  /// Takes a side off its network, as when its Wi-Fi is gone.
  public mutating func disconnect(_ party: Call.Party) { call.disconnect(party) }

  /// Takes a side to another network, and lets it restart the call.
  public mutating func move(_ party: Call.Party, to site: CallSite) { call.move(party, to: site) }

  /// Sends some words to the other side over the pair in use.
  ///
  /// - Returns: false if there is no pair that they may go over.
  @discardableResult
  public mutating func say(_ words: String, from party: Call.Party) -> Bool {
    call.send(words, from: party)
  }

  // MARK: - What the agents know

  /// The agent of a side.
  public func agent(of party: Call.Party) -> ICEAgent { call.endpoint(of: party).agent }

  /// A side's own candidates, the best first.
  public func candidates(of party: Call.Party) -> [Candidate] {
    agent(of: party).localCandidates.sorted { $0.priority > $1.priority }
  }

  /// A side's checklist, the best pair first.
  public func checklist(of party: Call.Party) -> [CandidatePair] {
    agent(of: party).checklists.checklists[0].pairs
  }

  /// A side's valid list, the best pair first: what the successful checks have made.
  public func validList(of party: Call.Party) -> [CandidatePair] {
    let agent = agent(of: party)
    return agent.checklists.checklists[0].order.compactMap { agent.validPair($0) }
      .sorted { $0.priority > $1.priority }
  }

  /// The STUN messages that a side has received from the other, the earliest first.
  public func messages(receivedBy party: Call.Party) -> [[UInt8]] {
    let name = party == .alice ? "alice" : "bob"
    // An IP header and a UDP header come first. What servers sent comes from their addresses.
    return call.network.packets(deliveredTo: name).filter { !$0[12..<16].starts(with: [203, 0]) }
      .map { Array($0[28...]) }
  }

  /// What a side has sent and noted in the last run, a line each: `4.9 s: sends Binding request`.
  public func log(of party: Call.Party) -> [String] {
    guard let node = trace.node(named: party == .alice ? "alice" : "bob") else { return [] }
    return trace.log(of: node)
  }
}
