import CLinux
import FoundationEssentials
import Glibc
import SansIO
import Sockets
import Synchronization
import Testing
import TransportAddress

@Suite(.timeLimit(.minutes(1))) struct SocketLoopTests {
  @Test("The deadline comes when nothing else does, and not before its time")
  func deadline() throws {
    var loop = SocketLoop()
    _ = try loop.open("127.0.0.1:0")
    let deadline = loop.now.advanced(by: .milliseconds(20))
    #expect(try loop.next(before: deadline) == .deadline)
    #expect(loop.now >= deadline)
  }

  @Test("A deadline that has passed comes before what waits")
  func passed() throws {
    var loop = SocketLoop()
    let id = try loop.open("127.0.0.1:0")
    let socket = try #require(loop[id])
    try socket.send([1].span, to: socket.localAddress)
    #expect(try loop.next(before: loop.now) == .deadline)
    guard case .received = try loop.next(before: nil) else {
      Issue.record("the datagram is lost")
      return
    }
  }

  @Test("Sockets take turns, however much waits at one of them")
  func turns() throws {
    var loop = SocketLoop()
    let ids = try ["127.0.0.1:0", "127.0.0.2:0", "[::1]:0"].map { try loop.open($0) }
    for _ in 0..<20 {
      let socket = try #require(loop[ids[0]])
      try socket.send([0].span, to: socket.localAddress)
    }
    for id in ids.dropFirst() {
      let socket = try #require(loop[id])
      try socket.send([1].span, to: socket.localAddress)
    }
    var seen: [SocketID] = []
    for _ in 0..<22 {
      guard case .received(_, let id) = try loop.next(before: nil) else { continue }
      seen.append(id)
    }
    #expect(Set(seen.prefix(4)) == Set(ids))
    #expect(seen.count { $0 == ids[0] } == 20)
  }

  @Test("A closed socket is silent, its name is not used again, and the others go on")
  func closed() throws {
    var loop = SocketLoop()
    let first = try loop.open("127.0.0.1:0")
    let second = try loop.open("127.0.0.1:0")
    loop.close(first)
    loop.close(first)
    #expect(loop[first] == nil)
    let third = try loop.open("127.0.0.1:0")
    #expect(Set([first, second, third]).count == 3)
    for id in [second, third] {
      let socket = try #require(loop[id])
      try socket.send([1].span, to: socket.localAddress)
      guard case .received(_, on: id) = try loop.next(before: nil) else {
        Issue.record("\(id) is silent")
        return
      }
    }
  }

  @Test("A readable stop descriptor ends the wait, before datagrams")
  func stopped() throws {
    var ends: [Int32] = [0, 0]
    try #require(linux_pipe_close_on_exec(&ends) == 0)
    defer { for end in ends { close(end) } }
    var loop = SocketLoop(stop: ends[0])
    let id = try loop.open("127.0.0.1:0")
    let socket = try #require(loop[id])
    try socket.send([1].span, to: socket.localAddress)
    _ = write(ends[1], "x", 1)
    #expect(try loop.next(before: nil) == .stopped)
  }

  @Test("Signals do not end a wait before its deadline, nor lose a datagram")
  func signals() throws {
    signal(SIGURG) { _ in }
    let disturber = Disturber()
    defer { disturber.end() }
    var loop = SocketLoop()
    let id = try loop.open("127.0.0.1:0")
    let socket = try #require(loop[id])
    let deadline = loop.now.advanced(by: .milliseconds(20))
    #expect(try loop.next(before: deadline) == .deadline)
    #expect(loop.now >= deadline)
    for _ in 0..<100 {
      try socket.send([1].span, to: socket.localAddress)
      guard case .received = try loop.next(before: nil) else {
        Issue.record("a datagram is lost")
        return
      }
    }
  }

  @Test("No descriptor is left behind")
  func descriptors() async {
    await #expect(processExitsWith: .success) {
      // Sockets alone: the test's own machinery opens and closes files meanwhile.
      func count() -> Int {
        let folder = "/proc/self/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count { name in
          let target = try? FileManager.default.destinationOfSymbolicLink(
            atPath: "\(folder)/\(name)")
          return target?.hasPrefix("socket:") == true
        }
      }
      let open = try UDPSocket(boundTo: "127.0.0.1:0")
      let before = count()
      for _ in 0..<50 {
        var loop = SocketLoop()
        for address: TransportAddress in ["127.0.0.1:0", "[::1]:0", "127.0.0.2:0"] {
          let id = try loop.open(address)
          if case .v6 = address.address { loop.close(id) }
        }
        // The second of these fails.
        let socket = try UDPSocket(boundTo: "127.0.0.1:0")
        _ = try? UDPSocket(boundTo: socket.localAddress)
      }
      withExtendedLifetime(open) { exit(before > 0 && count() == before ? 0 : 1) }
    }
  }

  // MARK: - Machines

  /// Asks until it is answered, a fixed number of times at most.
  struct Asker: DatagramMachine {
    var target: TransportAddress
    var socket: SocketID
    var asked = 0
    var nextDeadline: Instant? = .zero
    private var actions: [DatagramAction<[UInt8]?>] = []

    init(target: TransportAddress, socket: SocketID) {
      (self.target, self.socket) = (target, socket)
    }

    mutating func nextAction() -> DatagramAction<[UInt8]?>? {
      actions.isEmpty ? nil : actions.removeFirst()
    }

    mutating func received(
      _ bytes: Span<UInt8>, from source: TransportAddress, on socket: SocketID, at now: Instant
    ) {
      guard source == target else { return }
      actions.append(.finish((0..<bytes.count).map { bytes[$0] }))
    }

    mutating func timerFired(at now: Instant) {
      asked += 1
      actions.append(asked > 3 ? .finish(nil) : .send([7], to: target, from: socket))
      nextDeadline = now.advanced(by: .milliseconds(5))
    }
  }

  @Test("A machine is driven to its end: its timers fire, and what answers reaches it")
  func machine() throws {
    var loop = SocketLoop()
    let own = try loop.open("127.0.0.1:0")
    let other = try loop.open("127.0.0.2:0")
    // The peer is a socket of the same loop, so its answer is ready before it is asked.
    let peer = try #require(loop[other])
    try peer.send([8, 9].span, to: #require(loop[own]).localAddress)
    var asker = Asker(target: peer.localAddress, socket: own)
    guard case .finished(let answer) = try loop.run(&asker) else {
      Issue.record("it has not finished")
      return
    }
    #expect(answer == [8, 9])
    #expect(asker.asked == 1)
  }

  @Test("A machine that nobody answers ends by itself, after all its timers")
  func silence() throws {
    var loop = SocketLoop()
    let own = try loop.open("127.0.0.1:0")
    let silent = try UDPSocket(boundTo: "127.0.0.1:0")
    var asker = Asker(target: silent.localAddress, socket: own)
    guard case .finished(nil) = try loop.run(&asker) else {
      Issue.record("it has not finished in silence")
      return
    }
    #expect(asker.asked == 4)
  }

  @Test("The driver gives up at its own deadline, and a datagram without a route is only lost")
  func givingUp() throws {
    var loop = SocketLoop()
    let own = try loop.open("127.0.0.1:0")
    // From a loopback address nothing outside can be reached.
    var asker = Asker(target: "192.0.2.1:9", socket: own)
    guard case .timedOut = try loop.run(&asker, until: loop.now.advanced(by: .milliseconds(8)))
    else {
      Issue.record("it has ended otherwise")
      return
    }
    #expect(asker.asked >= 1)
  }
}

/// Sends signals to the thread that made it, one after the other, until it is told to end.
private final class Disturber: @unchecked Sendable {
  private let target = pthread_self()
  private let isOver = Atomic(false)
  private var thread = pthread_t()

  init() {
    let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
      guard let argument else { return nil }
      Unmanaged<Disturber>.fromOpaque(argument).takeUnretainedValue().disturb()
      return nil
    }
    pthread_create(&thread, nil, start, Unmanaged.passUnretained(self).toOpaque())
  }

  private func disturb() {
    while !isOver.load(ordering: .acquiring) { pthread_kill(target, SIGURG) }
  }

  func end() {
    isOver.store(true, ordering: .releasing)
    pthread_join(thread, nil)
  }
}

@Suite(.timeLimit(.minutes(1))) struct WatchedDescriptorTests {
  /// A pipe whose ends are closed with it.
  private final class Pipe {
    let reading: Int32
    let writing: Int32

    init() {
      var ends: [Int32] = [-1, -1]
      _ = linux_pipe_close_on_exec(&ends)
      (reading, writing) = (ends[0], ends[1])
    }

    deinit {
      close(reading)
      close(writing)
    }
  }

  @Test(
    "A descriptor is told of beside sockets, in turn with them, until it is not watched any more")
  func watched() throws {
    let pipe = Pipe()
    var loop = SocketLoop()
    let id = try loop.open("127.0.0.1:0")
    let watched = loop.watch(descriptor: pipe.reading, for: .readable)
    // A socket that is opened later stands behind it.
    _ = try loop.open("127.0.0.2:0")
    let socket = try #require(loop[id])
    for _ in 0..<3 { try socket.send([1].span, to: socket.localAddress) }
    _ = write(pipe.writing, "x", 1)
    guard case .event(.received(_, on: id)) = try loop.wait(before: nil) else {
      Issue.record("the socket starves")
      return
    }
    #expect(try loop.wait(before: nil) == .ready(watched, .readable))
    guard case .event(.received(_, on: id)) = try loop.wait(before: nil) else {
      Issue.record("the socket starves")
      return
    }
    loop.close(watched)
    guard case .event(.received(_, on: id)) = try loop.wait(before: nil) else {
      Issue.record("the descriptor is watched still")
      return
    }
    let soon = loop.now.advanced(by: .milliseconds(5))
    #expect(try loop.wait(before: soon) == .event(.deadline))
  }

  @Test("Who waits for sockets alone is not told of other descriptors")
  func passedOver() throws {
    let pipe = Pipe()
    var loop = SocketLoop()
    _ = loop.watch(descriptor: pipe.reading, for: .readable)
    _ = write(pipe.writing, "x", 1)
    #expect(try loop.next(before: loop.now.advanced(by: .milliseconds(5))) == .deadline)
  }
}
