public import SansIO
public import TransportAddress

/// Resolves names in `.local` to one address each, by one-shot queries of multicast DNS (RFC 6762 §5.1).
///
/// It does so as ICE candidates need it (draft-ietf-mmusic-mdns-ice-candidates §3.2):
/// ```
///   wanted ─▶ asking ──AAAA, or A and no AAAA──▶ resolved
///               │ A alone: 200 ms for the other ──▲
///               └── 5 s without an answer ──▶ failed
/// ```
/// The driver sends each query to both ``groups`` by every interface, from ports of its own choice. Answers
/// come to these ports or, as browsers send them, to the groups.
public struct MulticastResolver: Sendable {
  /// What is to be done now, or has happened.
  public enum Action: Hashable, Sendable {
    /// Send this query to both groups.
    case send([UInt8])
    /// The name, as it was asked for, has this address.
    case resolved(String, IPAddress)
    /// Nothing has said in time which address the name has.
    case failed(String)
  }

  /// How a message has come.
  public enum Way: Hashable, Sendable {
    /// To the port that queries leave from: it repeats a query's ID (RFC 6762 §18.1).
    case unicast
    /// To one of the groups, which is to all on the link.
    case multicast
  }

  /// Why something that came did not count.
  public enum Drop: Hashable, Sendable {
    /// A message from another port than 5353 (RFC 6762 §6).
    case port
    /// A message that cannot be read, or is no response.
    case malformed
    /// A record of a name that is not asked for, or not any more.
    case unasked
    /// A record in a unicast response whose ID is not the query's.
    case id
    /// A record that holds no longer (RFC 6762 §10.1).
    case goodbye
    /// An address that leads to no one host, or nowhere without its link.
    case unusableAddress
  }

  /// Where queries go, over IPv4 and IPv6 (RFC 6762 §3).
  public static let groups: [TransportAddress] = ["224.0.0.251:5353", "[ff02::fb]:5353"]
  /// How often a query is sent at most.
  public static let queryLimit = 3
  /// How long after a query it is sent again (RFC 6762 §5.2).
  public static let interval: Duration = .seconds(1)
  /// How long a name may take.
  public static let timeLimit: Duration = .seconds(5)
  /// How long an IPv4 address waits for one of IPv6, which is preferred.
  public static let familyPatience: Duration = .milliseconds(200)
  /// How many names may be asked for at the same time, and how many are remembered.
  public static let nameLimit = 32

  /// A name that is asked for.
  private struct Question {
    let text: String
    let name: DNSName
    let id: UInt16
    let end: Instant
    var queryCount = 0
    /// nil once it has been sent often enough, or something has answered.
    var nextQuery: Instant?
    /// The first address of IPv4, and what is said of the other family.
    var v4: (address: IPAddress, timeToLive: UInt32)?
    var v4End: Instant?
    var hasNoV4 = false
    var hasNoV6 = false

    var deadline: Instant { [end, nextQuery, v4End].compactMap(\.self).min() ?? end }
  }

  private var questions: [Question] = []
  private var known: [DNSName: (address: IPAddress, end: Instant)] = [:]
  private var actions = ActionQueue<Action>()
  /// How much has not counted, by its reason.
  public private(set) var drops: [Drop: Int] = [:]

  /// A resolver that knows no name yet.
  public init() {}

  /// Whether a name is being asked for.
  public var isAsking: Bool { !questions.isEmpty }

  /// When `timerFired` is to be called; nil when there is nothing to wait for.
  public var nextDeadline: Instant? { questions.map(\.deadline).min() }

  /// The next thing to do; nil when there is none until something happens.
  public mutating func nextAction() -> Action? { actions.next() }

  // MARK: - Events

  /// The address of a name is wanted; ``Action/resolved(_:_:)`` or ``Action/failed(_:)`` follows.
  ///
  /// A name whose address is still known is resolved at once; one that is asked for is asked for once.
  /// - Returns: false, and nothing follows, for a name that multicast DNS does not resolve and where too
  ///   many are asked for.
  public mutating func wanted(
    _ text: String, at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> Bool {
    guard let name = DNSName(multicast: text) else { return false }
    if let (address, end) = known[name] {
      if now < end {
        actions.append(.resolved(text, address))
        return true
      }
      known[name] = nil
    }
    if questions.contains(where: { $0.name == name }) { return true }
    guard questions.count < Self.nameLimit else { return false }
    questions.append(
      Question(
        text: text, name: name, id: .random(in: 1 ... .max, using: &generator),
        end: now.advanced(by: Self.timeLimit), nextQuery: now))
    timerFired(at: now)
    return true
  }

  /// A message has come.
  public mutating func received(
    _ bytes: Span<UInt8>, from source: TransportAddress, by way: Way, at now: Instant
  ) {
    guard source.port == Self.groups[0].port else { return drop(.port) }
    let response: DNSResponse
    do throws(DNSParseError) {
      response = try DNSResponse(bytes)
    } catch {
      return drop(.malformed)
    }
    for record in response.records {
      guard let index = questions.firstIndex(where: { $0.name == record.name }) else {
        drop(.unasked)
        continue
      }
      guard way == .multicast || questions[index].id == response.id else {
        drop(.id)
        continue
      }
      take(record, for: index, at: now)
    }
    // A message may say later that there is nothing of the preferred family.
    for index in questions.indices.reversed() { conclude(index, at: now) }
  }

  /// The deadline has come.
  public mutating func timerFired(at now: Instant) {
    for index in questions.indices.reversed() where !conclude(index, at: now) {
      guard let due = questions[index].nextQuery, due <= now else { continue }
      let (name, id) = (questions[index].name, questions[index].id)
      for type in [DNSRecordType.aaaa, .a] {
        actions.append(.send(DNSQuery(id: id, name: name, type: type).bytes))
      }
      questions[index].queryCount += 1
      questions[index].nextQuery =
        questions[index].queryCount < Self.queryLimit ? now.advanced(by: Self.interval) : nil
    }
  }

  // MARK: - Inside

  /// Takes what a record says of a question's name; an address of IPv6 answers it.
  private mutating func take(
    _ record: DNSResponse.Record, for index: Int, at now: Instant
  ) {
    guard record.timeToLive > 0 else { return drop(.goodbye) }
    switch record.data {
    case .existence(let a, let aaaa):
      questions[index].hasNoV4 = !a
      questions[index].hasNoV6 = !aaaa
    case .address(let address):
      guard address.leadsToOneHost else { return drop(.unusableAddress) }
      switch address {
      case .v6: end(index, with: (address, record.timeToLive), at: now)
      case .v4:
        guard questions[index].v4 == nil else { return }
        questions[index].v4 = (address, record.timeToLive)
        questions[index].v4End = now.advanced(by: Self.familyPatience)
        questions[index].nextQuery = nil
      }
    }
  }

  /// Ends a question that nothing more is to be waited for; whether it has ended.
  @discardableResult
  private mutating func conclude(_ index: Int, at now: Instant) -> Bool {
    let question = questions[index]
    let isOver = question.end <= now || (question.v4End.map { $0 <= now } ?? false)
    let isKnown = question.hasNoV6 && (question.v4 != nil || question.hasNoV4)
    guard isOver || isKnown else { return false }
    end(index, with: question.v4, at: now)
    return true
  }

  /// Ends a question with the address that its name has, if it has one.
  private mutating func end(
    _ index: Int, with answer: (address: IPAddress, timeToLive: UInt32)?, at now: Instant
  ) {
    let question = questions.remove(at: index)
    guard let (address, timeToLive) = answer else {
      return actions.append(.failed(question.text))
    }
    if known.count >= Self.nameLimit { known = known.filter { now < $0.value.end } }
    if known.count < Self.nameLimit {
      known[question.name] = (address, now.advanced(by: .seconds(Int64(timeToLive))))
    }
    actions.append(.resolved(question.text, address))
  }

  private mutating func drop(_ reason: Drop) { drops[reason, default: 0] += 1 }
}

extension IPAddress {
  /// Whether the address means one host, and the same one on every link.
  fileprivate var leadsToOneHost: Bool {
    switch (classification, family) {
    case (.unspecified, _), (.thisNetwork, _), (.multicast, _), (.broadcast, _), (.ipv4Mapped, _),
      (.ipv4Compatible, _):
      false
    case (.linkLocal, .ipv6): false
    default: true
    }
  }
}
