internal import SansIO
public import TransportAddress

/// From the name of a STUN or TURN server to transport addresses in the order in which they are to be
/// tried (RFC 5928 §3; for STUN RFC 8489 §8).
///
///     turn:example.org                 NAPTR example.org        which transports there are
///                                        SRV _turn._udp.example.org   which hosts and ports
///                                          A, AAAA relay.example.org    which addresses
///     turn:example.org?transport=udp     begins with SRV
///     turn:example.org:3478                begins with A and AAAA
///     turn:192.0.2.1                         asks nothing
///
/// Where a name has no NAPTR records, SRV is asked for each transport; where it has none of those
/// either, it is itself the host, with the default port. Queries are actions and answers are events,
/// one after the other, so that their driver may be a library that waits.
public struct ServerResolution: Sendable {
  /// How a server is reached.
  public enum Transport: Hashable, Sendable {
    /// By UDP, in clear.
    case udp
    /// By TCP, in clear.
    case tcp
    /// By TLS over TCP.
    case tls
  }

  /// What the server is asked for.
  public enum Service: Hashable, Sendable {
    /// The client's address.
    case stun
    /// A relayed address.
    case turn
  }

  /// A server's address, and how it is reached there.
  public struct Found: Hashable, Sendable {
    /// Where.
    public let address: TransportAddress
    /// How.
    public let transport: Transport

    /// An address with a transport.
    public init(_ address: TransportAddress, over transport: Transport) {
      (self.address, self.transport) = (address, transport)
    }
  }

  /// A question to DNS.
  public enum Query: Hashable, Sendable {
    /// The NAPTR records of a name.
    case naptr(String)
    /// The SRV records of a name.
    case srv(String)
    /// The A records of a name and its AAAA records.
    case addresses(String)
  }

  /// What DNS says.
  public enum Answer: Hashable, Sendable {
    /// NAPTR records, in any order.
    case naptr([NAPTRRecord])
    /// SRV records, in any order.
    case srv([SRVRecord])
    /// Addresses, in the order in which they are to be tried.
    case addresses([IPAddress])
    /// The name or its records of this type are not there.
    case nothing
    /// No server of names has answered, or none could.
    case unanswered
  }

  /// What is to be done now.
  public enum Action: Hashable, Sendable {
    /// Ask DNS; `answered` must follow.
    case ask(Query)
    /// These are the addresses, at least one.
    case found([Found])
    /// There is none.
    case failed(Failure)
  }

  /// Why there is no address.
  public enum Failure: Error, Hashable, Sendable {
    /// The URI wants a transport that the caller does not have.
    case noTransport
    /// Neither the name nor those that its records name have an address.
    case noAddress(String)
    /// No server of names answers, or it fails.
    case unanswered(String)
    /// The name's records say that it has no such service (RFC 2782, the target `.`).
    case notOffered(String)
  }

  /// What is still to be done, in this order.
  private enum Step: Sendable {
    case naptr(String, depth: Int)
    case srv(String, Transport)
    case host(String, port: UInt16, [Transport])
    /// These steps, if nothing has been found before.
    case otherwise([Step])
  }

  /// How many NAPTR records may lead to others before the chain is a circle.
  private static var depthLimit: Int { 5 }
  /// How many queries a name is worth.
  private static var queryLimit: Int { 64 }
  /// How many addresses are of use.
  private static var foundLimit: Int { 64 }

  private let name: String
  private let transports: [Transport]
  private let defaultPort: UInt16
  private var steps: [Step] = []
  private var found: [Found] = []
  /// The step whose query is asked.
  private var asked: (step: Step, query: Query)?
  private var queryCount = 0
  private var wasUnanswered = false
  /// The transports by which SRV says that there is no service.
  private var withheld: Set<Transport> = []
  /// The addresses of names, as several records may have the same target.
  private var known: [String: [IPAddress]] = [:]
  private var actions = ActionQueue<Action>()

  /// The resolution of a URI; the first action is there at once.
  ///
  /// - Parameter transports: those that the caller can use, the best first. Of them count such as fit
  ///   the URI's scheme, and its transport if it names one.
  public init(_ uri: TURNURI, for service: Service = .turn, over transports: [Transport]) {
    defaultPort = uri.defaultPort
    let fitting = transports.filter { $0.fits(uri) }
    self.transports = fitting
    guard !fitting.isEmpty else {
      name = ""
      actions.append(.failed(.noTransport))
      return
    }
    switch uri.host {
    case .address(let address):
      name = "\(address)"
      found = fitting.map {
        Found(TransportAddress(address, port: uri.port ?? uri.defaultPort), over: $0)
      }
    case .name(let host):
      name = host
      if let port = uri.port {
        steps = [.host(host, port: port, fitting)]
      } else {
        let services = fitting.map { Step.srv("\(Self.label(service, $0)).\(host)", $0) }
        steps = [.otherwise(services), .otherwise([.host(host, port: defaultPort, fitting)])]
        // A STUN URI has no NAPTR records (RFC 8489 §8), and a transport that is named leaves nothing
        // for them to say.
        if service == .turn, uri.transport == nil {
          steps.insert(.naptr(host, depth: 0), at: 0)
        }
      }
    }
    goOn()
  }

  /// The next thing to do; nil while a query waits for its answer, and after the end.
  public mutating func nextAction() -> Action? { actions.next() }

  /// DNS has answered the query that was asked last, or has not.
  ///
  /// - Parameter generator: chooses among SRV records by their weights.
  public mutating func answered(
    _ answer: Answer, using generator: inout some RandomNumberGenerator
  ) {
    guard let (step, query) = asked else { return }
    asked = nil
    if answer == .unanswered { wasUnanswered = true }
    switch (step, answer) {
    case (.naptr(_, let depth), .naptr(let records)): follow(records, depth: depth)
    case (.srv(_, let transport), .srv(let records)):
      follow(records, over: transport, using: &generator)
    case (.host(_, let port, let transports), let answer):
      var addresses: [IPAddress] = []
      if case .addresses(let list) = answer { addresses = list }
      if case .addresses(let name) = query { known[name] = addresses }
      add(addresses, port: port, transports)
    default: break
    }
    goOn()
  }

  // MARK: - Records

  /// RFC 3958 §2.2: by order, then by preference; each leads on by its flag.
  private mutating func follow(_ records: [NAPTRRecord], depth: Int) {
    let sorted = records.enumerated().sorted {
      ($0.element.order, $0.element.preference, $0.offset)
        < ($1.element.order, $1.element.preference, $1.offset)
    }
    var next: [Step] = []
    for record in sorted.map(\.element) {
      let offered = record.transports(of: "relay").filter(transports.contains)
      guard !offered.isEmpty, record.regularExpression.isEmpty, record.replacement.isHost else {
        continue
      }
      switch record.flags.lowercased() {
      case "s": next += offered.map { .srv(record.replacement, $0) }
      case "a": next.append(.host(record.replacement, port: defaultPort, offered))
      case "" where depth < Self.depthLimit:
        next.append(.naptr(record.replacement, depth: depth + 1))
      default: break
      }
    }
    steps.insert(contentsOf: next, at: 0)
  }

  private mutating func follow(
    _ records: [SRVRecord], over transport: Transport,
    using generator: inout some RandomNumberGenerator
  ) {
    if records.count == 1, !records[0].target.isHost {
      withheld.insert(transport)
      return
    }
    steps.insert(
      contentsOf: SRVRecord.ordered(records, using: &generator).filter(\.target.isHost).map {
        .host($0.target, port: $0.port, [transport])
      }, at: 0)
  }

  private mutating func add(_ addresses: [IPAddress], port: UInt16, _ transports: [Transport]) {
    // RFC 5928 §3: all addresses by the best transport, then by the next one.
    for transport in transports where !withheld.contains(transport) {
      for address in addresses where found.count < Self.foundLimit {
        let new = Found(TransportAddress(address, port: port), over: transport)
        if !found.contains(new) { found.append(new) }
      }
    }
  }

  // MARK: - Steps

  /// Takes steps until there is something to ask, or the end.
  private mutating func goOn() {
    while !steps.isEmpty, queryCount < Self.queryLimit {
      let step = steps.removeFirst()
      switch step {
      case .otherwise(let others): if found.isEmpty { steps.insert(contentsOf: others, at: 0) }
      // Who has not answered once is not waited for again: the host's own name may be known without.
      case .naptr(let name, _): if !wasUnanswered { return ask(.naptr(name), for: step) }
      case .srv(let name, _):
        if !wasUnanswered { return ask(.srv(name), for: step) }
      case .host(let name, let port, let transports):
        guard let addresses = known[name] else { return ask(.addresses(name), for: step) }
        add(addresses, port: port, transports)
      }
    }
    actions.append(found.isEmpty ? .failed(failure) : .found(found))
  }

  private mutating func ask(_ query: Query, for step: Step) {
    queryCount += 1
    asked = (step, query)
    actions.append(.ask(query))
  }

  private var failure: Failure {
    if wasUnanswered { return .unanswered(name) }
    return withheld.count == transports.count ? .notOffered(name) : .noAddress(name)
  }

  /// `_turn._udp`: TLS goes over TCP, and has a service of its own (RFC 5928 §3, RFC 8489 §8).
  private static func label(_ service: Service, _ transport: Transport) -> String {
    let service = service == .turn ? "_turn" : "_stun"
    return switch transport {
    case .udp: "\(service)._udp"
    case .tcp: "\(service)._tcp"
    case .tls: "\(service)s._tcp"
    }
  }
}

extension ServerResolution.Transport {
  /// Whether a URI's scheme and transport allow it.
  fileprivate func fits(_ uri: TURNURI) -> Bool {
    switch self {
    case .udp: !uri.isSecure && (uri.transport ?? .udp) == .udp
    case .tcp: !uri.isSecure && (uri.transport ?? .tcp) == .tcp
    case .tls: uri.isSecure && (uri.transport ?? .tcp) == .tcp
    }
  }
}

extension String {
  /// Whether a record's target is a name; `.` says that there is none (RFC 2782).
  fileprivate var isHost: Bool { !isEmpty && self != "." }
}

extension ServerResolution.Failure: CustomStringConvertible {
  /// What is missing, and of which name.
  public var description: String {
    switch self {
    case .noTransport: "none of the transports that the URI allows can be used"
    case .noAddress(let name): "\(name) has no address"
    case .unanswered(let name): "no name server answers for \(name)"
    case .notOffered(let name): "\(name) says by its SRV records that it has no such service"
    }
  }
}
