import Relay
import STUN
import STUNCodec
import Sockets
import Synchronization
import TURN
import TransportAddress

/// A server with several threads at 127.0.0.1.
final class RunningThreads {
  var threads: RelayThreads
  private let count: Int
  private let stop = try! Wakeup()
  private let log = Log()

  private final class Log: Sendable {
    let reports = Mutex<[RelayServer.Report]>([])
  }

  init(
    _ count: Int, listeningAt listening: [TransportAddress] = ["127.0.0.1:0"],
    limits: TURNServer.Limits = .init(allocationsPerUser: 256), figuresInterval: Duration? = nil
  ) throws {
    self.count = count
    threads = try RelayThreads(
      count, listeningAt: listening, Self.configuration(limits),
      authenticator: Self.users(["alice": "pass"]), figuresInterval: figuresInterval,
      stop: stop.descriptor)
    let log = log
    try threads.start { report in log.reports.withLock { $0.append(report) } }
  }

  static func configuration(
    _ limits: TURNServer.Limits = .init()
  ) throws -> TURNServer.Configuration {
    try TURNServer.Configuration(
      ipv4: .init("127.0.0.1"), policy: PeerPolicy(allowed: [RelayServerTests.peers]),
      limits: limits)
  }

  static func users(_ passwords: [String: String]) throws -> Authenticator {
    Authenticator(
      .longTerm(try .init(realm: "example.org", passwords: passwords, secret: Array(1...16))))
  }

  var reports: [RelayServer.Report] { log.reports.withLock { $0 } }

  /// The thread that a relayed transport address belongs to, whose part of the ports it is in.
  func thread(of relayed: TransportAddress) throws -> Int {
    let all = TURNConstants.relayedPorts
    guard all.contains(relayed.port), relayed.address == "127.0.0.1" else { throw Failure(relayed) }
    return Int(relayed.port - all.lowerBound) * count / all.count
  }

  /// So many clients with their threads; there is one of each thread, or it throws.
  func clients(_ number: Int) throws -> [ThreadClient] {
    var clients = try (0..<number).map { _ in try ThreadClient(threads.addresses[0], self) }
    // The kernel goes by the port, and once in a thousand times a dozen are all of one thread.
    for _ in 0..<64 where Set(clients.map(\.thread)).count < count {
      try clients.removeLast().release()
      clients.append(try ThreadClient(threads.addresses[0], self))
    }
    guard Set(clients.map(\.thread)).count == count else { throw Failure("an idle thread") }
    return clients
  }

  /// What becomes of a client that wants an allocation: nil for one that gets it.
  func refusal(_ user: String = "alice", _ password: String = "pass") throws -> ErrorCode? {
    var client = try client(of: threads.addresses[0], user: user, password: password)
    client.allocate()
    let code: ErrorCode?? = try client.wait { event in
      switch event {
      case .turn(.allocated): .some(nil)
      case .turn(.ended(.failed(.refused(let code)))): .some(code)
      default: nil
      }
    }
    return code ?? nil
  }
}

/// A client with an allocation.
final class ThreadClient {
  var socket: RelayedSocket
  let relayed: TransportAddress
  /// The thread that serves it.
  let thread: Int

  init(_ server: TransportAddress, _ threads: RunningThreads) throws {
    var socket = try client(of: server)
    relayed = try socket.allocated()
    thread = try threads.thread(of: relayed)
    self.socket = socket
  }

  func permit(_ address: IPAddress) throws {
    socket.permit([address])
    _ = try socket.wait { if case .turn(.permitted) = $0 { true } else { nil } }
  }

  func release() throws {
    socket.release()
    _ = try socket.wait { if case .turn(.ended) = $0 { true } else { nil } }
  }
}
