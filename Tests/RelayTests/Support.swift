import CLinux
import Foundation
import Glibc
import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import Synchronization
import TURN
import TransportAddress

/// Something that should have happened and has not.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ what: Any) { description = "\(what)" }
}

/// A server that runs beside the test, in a thread of its own, until it is stopped.
final class RunningServer: @unchecked Sendable {
  let addresses: [TransportAddress]
  let streamAddresses: [TransportAddress]
  let secureAddresses: [TransportAddress]
  private var ends: [Int32] = [0, 0]
  private let done = DispatchSemaphore(value: 0)
  private let log = Mutex<[RelayServer.Report]>([])
  var reports: [RelayServer.Report] { log.withLock { $0 } }
  private(set) var connectionEnds = DropCounts<ConnectionEnd>()
  private(set) var drops = DropCounts<TURNServer.DropReason>()
  private(set) var undelivered = 0
  private(set) var traffic = Traffic()
  private(set) var failure: SocketError?
  /// What ended it.
  private(set) var pause: RelayServer.Pause?
  private let changes = Mutex<[@Sendable (inout RelayServer) -> Void]>([])
  private let changed = DispatchSemaphore(value: 0)

  /// - Parameter listening: where, with port 0 for one that the kernel chooses.
  init(
    listeningAt listening: [TransportAddress] = ["127.0.0.1:0"],
    secure: RelayServer.Secure? = nil, discovery: BindingServer.Addresses? = nil,
    connections: ConnectionLimits = .init(),
    relay: IPAddress = "127.0.0.1", allowed: [PeerPolicy.Block] = [],
    limits: TURNServer.Limits = .init(), authenticator: Authenticator? = nil,
    channelNumbers: ClosedRange<UInt16> = ChannelNumber.validValues
  ) throws {
    guard linux_pipe_close_on_exec(&ends) == 0 else { throw Failure("no pipe") }
    let users =
      try authenticator
      ?? Authenticator(
        .longTerm(
          .init(
            realm: "example.org", passwords: ["alice": "pass"], secret: Array(1...16))))
    var configuration = try TURNServer.Configuration(
      ipv4: .init(relay), policy: PeerPolicy(allowed: allowed), limits: limits)
    configuration.channelNumbers = channelNumbers
    let server = try RelayServer(
      listeningAt: listening, secure: secure, discovery: discovery, configuration,
      authenticator: users, limits: connections, stop: ends[0])
    addresses = server.addresses
    streamAddresses = server.streamAddresses
    secureAddresses = server.secureAddresses
    let box = Box(server)
    // The thread keeps this object until it ends.
    Thread {
      var server = box.take()
      do throws(SocketError) {
        try self.run(&server)
      } catch {
        self.failure = error
      }
      self.traffic = server.traffic
      self.connectionEnds = server.connectionEnds
      self.drops = server.drops
      self.undelivered = server.undeliveredCount
      self.done.signal()
    }.start()
  }

  /// Serves, and between two datagrams does what ``change(_:)`` wants, until it is stopped or drained.
  private func run(_ server: inout RelayServer) throws(SocketError) {
    let report = { (report: RelayServer.Report) in self.log.withLock { $0.append(report) } }
    while true {
      let pause = try server.serve(report)
      self.pause = pause
      var word: UInt8 = 0
      guard pause == .signaled, read(ends[0], &word, 1) == 1, word == UInt8(ascii: "c") else {
        return server.finish(report)
      }
      let due = changes.withLock { list in
        defer { list = [] }
        return list
      }
      for change in due { change(&server) }
      changed.signal()
    }
  }

  /// Changes the server while it serves, as an operator does; returns once it is changed.
  func change(_ body: @escaping @Sendable (inout RelayServer) -> Void) {
    changes.withLock { $0.append(body) }
    _ = write(ends[1], "c", 1)
    changed.wait()
  }

  /// Its figures now.
  var figures: RelayFigures {
    let found = Kept()
    change { found.figures = $0.figures }
    return found.figures
  }

  private final class Kept: @unchecked Sendable {
    var figures = RelayFigures()
  }

  /// Waits until it has ended by itself.
  func wait() throws {
    guard done.wait(timeout: .now() + 20) == .success else { throw Failure("it goes on") }
    for end in ends { close(end) }
  }

  /// Whether it has reported such an event.
  func hasReported(_ isIt: (TURNServer.Event) -> Bool) -> Bool {
    reports.contains { if case .turn(let event, _) = $0 { isIt(event) } else { false } }
  }

  /// Ends it and waits for its end; what it has reported may be read then.
  func stop() {
    _ = write(ends[1], "x", 1)
    done.wait()
    for end in ends { close(end) }
  }

  /// Carries a value that cannot be copied into a thread.
  private final class Box: @unchecked Sendable {
    private var server: RelayServer?
    init(_ server: consuming RelayServer) { self.server = consume server }
    func take() -> RelayServer {
      guard let server = self.server.take() else { fatalError("taken twice") }
      return server
    }
  }
}

/// Waits until it is so, which takes moments.
func waitUntil(_ isSo: () -> Bool) throws {
  let clock = ContinuousClock()
  let end = clock.now.advanced(by: .seconds(10))
  while !isSo() {
    guard clock.now < end else { throw Failure("it does not happen") }
    usleep(2000)
  }
}

extension RelayedSocket {
  /// Waits for the event that `choose` finds something in; others are passed over.
  mutating func wait<Value>(
    seconds: Int64 = 10, _ choose: (Event) throws -> Value?
  ) throws -> Value {
    let end = now.advanced(by: .seconds(seconds))
    while true {
      let event = try next(before: end)
      if let value = try choose(event) { return value }
      if case .deadline = event { throw Failure("nothing has come") }
      if case .turn(.ended(let end)) = event { throw Failure(end) }
    }
  }

  /// The relayed transport address.
  mutating func allocated() throws -> TransportAddress {
    allocate()
    return try wait {
      if case .turn(.allocated(let addresses)) = $0 { addresses.relayed[0] } else { nil }
    }
  }

  /// The next data, and who has sent them.
  mutating func data() throws -> (data: [UInt8], peer: TransportAddress) {
    try wait { if case .data(let data, let peer) = $0 { (data, peer) } else { nil } }
  }
}

/// A client on a socket of its own.
func client(
  of server: TransportAddress, user: String = "alice", password: String = "pass",
  options: TURNClient.Options = .init()
) throws -> RelayedSocket {
  try RelayedSocket(
    TURNClient(server: server, username: user, password: password, options: options),
    boundTo: "127.0.0.1:0")
}
