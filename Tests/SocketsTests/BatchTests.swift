import CLinux
import Glibc
import SansIO
import Sockets
import Testing
import TransportAddress

extension SocketLoop {
  /// Opens a socket, and gives it with its name.
  fileprivate mutating func opened(
    _ address: TransportAddress, keepsErrors: Bool = false
  ) throws -> (id: SocketID, socket: UDPSocket) {
    let id = try open(address, keepsErrors: keepsErrors)
    guard let socket = self[id] else { throw SocketError("find the socket", code: ENOENT) }
    return (id, socket)
  }
}

private func expectNoneUnsent(_ loop: inout SocketLoop) {
  while let unsent = loop.takeUnsent() { Issue.record("\(unsent.count) were not sent") }
}

/// What a loop sends and receives by few system calls.
@Suite(.timeLimit(.minutes(1))) struct BatchTests {
  /// What is sent one after the other to one endpoint, as sizes.
  struct Burst: Sendable, CustomTestStringConvertible {
    var name: String
    var sizes: [Int]
    var testDescription: String { name }

    static let all = [
      Burst(name: "one", sizes: [7]),
      Burst(name: "one size", sizes: Array(repeating: 160, count: 60)),
      Burst(name: "the last is shorter", sizes: Array(repeating: 1200, count: 9) + [3]),
      Burst(name: "a shorter one in between", sizes: [100, 100, 40, 100, 100, 100, 99, 100]),
      Burst(name: "growing", sizes: Array(1...40)),
      Burst(name: "empty ones", sizes: [0, 0, 8, 0, 8, 8, 0]),
      Burst(name: "longer than a link takes", sizes: [1453, 1453, 9000, 9000, 1200, 1200]),
      Burst(name: "more than one system call takes", sizes: Array(repeating: 32, count: 200)),
      Burst(name: "more than a queue holds", sizes: Array(repeating: 40_000, count: 4)),
    ]
  }

  static let loopbacks: [IPAddress] = ["127.0.0.1", "::1"]

  /// The bytes of a datagram, which say which one it is.
  private func datagram(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) }
  }

  /// Takes what comes until there are so many.
  private func receive(_ count: Int, _ loop: inout SocketLoop) throws -> [(SocketID, [UInt8])] {
    var found: [(SocketID, [UInt8])] = []
    let end = loop.now.advanced(by: .seconds(20))
    while found.count < count {
      guard case .received(let arrival, let id) = try loop.next(before: end) else { break }
      #expect(arrival.count == loop.bytes.count && !arrival.isTruncated)
      found.append((id, (0..<loop.bytes.count).map { loop.bytes[$0] }))
    }
    return found
  }

  @Test(
    "A burst arrives whole and in its order, received one by one or many at once",
    arguments: Burst.all, loopbacks)
  func bursts(burst: Burst, address: IPAddress) throws {
    for batch in [1, 3, 64] {
      var sender = SocketLoop()
      var receiver = SocketLoop(batch: batch)
      let out = try sender.opened(TransportAddress(address, port: 0)).socket
      let target = try receiver.opened(TransportAddress(address, port: 0)).socket
      target.setReceiveBuffer(byteCount: 4 << 20)
      for (number, size) in burst.sizes.enumerated() {
        sender.send(datagram(number, size).span, on: out, to: target.localAddress)
      }
      sender.flush()
      let found = try receive(burst.sizes.count, &receiver)
      #expect(found.map(\.1) == burst.sizes.enumerated().map { datagram($0, $1) })
      expectNoneUnsent(&sender)
    }
  }

  @Test("What leaves by several sockets for several endpoints keeps the order of each flow")
  func flows() throws {
    var sender = SocketLoop()
    var receiver = SocketLoop(batch: 16)
    let outs = try (0..<3).map { _ in try sender.opened("127.0.0.1:0").socket }
    let opened = try (0..<3).map { _ in try receiver.opened("127.0.0.2:0") }
    let (targets, endpoints) = (opened.map(\.id), opened.map(\.socket.localAddress))
    // Runs of one flow between single ones of others, by a fixed rule.
    var expected: [SocketID: [[UInt8]]] = [:]
    var arrived: [SocketID: [[UInt8]]] = [:]
    var state = 1
    for number in 0..<300 {
      if number % 3 == 0 { state = state &* 16807 % 2_147_483_647 }
      let (out, target) = (state % 3, state / 3 % 3)
      // Each target hears from one socket alone, for two have no order between them.
      guard out == target else { continue }
      let bytes = datagram(number, 50 + number % 2)
      sender.send(bytes.span, on: outs[out], to: endpoints[target])
      expected[targets[target], default: []].append(bytes)
    }
    sender.flush()
    for (id, bytes) in try receive(expected.values.reduce(0) { $0 + $1.count }, &receiver) {
      arrived[id, default: []].append(bytes)
    }
    #expect(arrived == expected)
    #expect(expected.count == 3)
  }

  @Test("What a loop has to send leaves before it waits")
  func waiting() throws {
    var loop = SocketLoop(batch: 8)
    let socket = try loop.opened("127.0.0.1:0").socket
    loop.send([5].span, on: socket, to: socket.localAddress)
    #expect(try receive(1, &loop).map(\.1) == [[5]])
  }

  @Test("Closing a socket first sends what is to leave by it")
  func closing() throws {
    var loop = SocketLoop()
    let first = try loop.open("127.0.0.1:0")
    let target = try loop.opened("127.0.0.1:0").socket.localAddress
    var endpoint = target
    if let source = loop[first] {
      endpoint = source.localAddress
      loop.send([5].span, on: source, to: target)
    }
    loop.close(first)
    // Its port is free at once.
    _ = try loop.open(endpoint)
    #expect(try receive(1, &loop).map(\.1) == [[5]])
  }

  @Test("It leaves from the address that it is told to, and each datagram says where it came to")
  func addresses() throws {
    var server = SocketLoop(batch: 8)
    var client = SocketLoop(batch: 8)
    let serving = try server.opened("0.0.0.0:0").socket
    let asking = try client.opened("127.0.0.1:0").socket
    for last: UInt8 in [3, 4, 4, 5] {
      client.send(
        [last].span, on: asking,
        to: TransportAddress(
          .v4(IPv4Address(127, 0, 0, last)), port: serving.localAddress.port))
    }
    client.flush()
    for _ in 0..<4 {
      guard case .received(let arrival, _) = try server.next(before: nil) else { continue }
      server.forward(
        server.payload, on: serving, to: arrival.source, from: arrival.destination.address)
    }
    server.flush()
    for last: UInt8 in [3, 4, 4, 5] {
      guard case .received(let arrival, _) = try client.next(before: nil) else { continue }
      #expect(client.bytes[0] == last)
      #expect(arrival.source.address == .v4(IPv4Address(127, 0, 0, last)))
    }
  }

  @Test("Headers and padding written around a datagram change none that has not been handed out")
  func around() throws {
    var sender = SocketLoop()
    var receiver = SocketLoop(headroom: 40, tailroom: 3, batch: 4)
    let out = try sender.opened("127.0.0.1:0").socket
    let endpoint = try receiver.opened("127.0.0.1:0").socket.localAddress
    let sizes = Array(repeating: 5, count: 20) + [4] + Array(repeating: 700, count: 20) + [1]
    for (number, size) in sizes.enumerated() {
      sender.send(datagram(number, size).span, on: out, to: endpoint)
    }
    sender.flush()
    for (number, size) in sizes.enumerated() {
      guard case .received = try receiver.next(before: nil) else { continue }
      #expect((0..<receiver.bytes.count).map { receiver.bytes[$0] } == datagram(number, size))
      let payload = receiver.payload
      var packet = receiver.mutablePacket
      for index in payload.lowerBound - 40..<payload.lowerBound { packet[index] = 0xFF }
      for index in payload.upperBound..<payload.upperBound + 3 { packet[index] = 0xFF }
    }
  }

  @Test("No datagram has a time before that at which it was sent")
  func arrivalTime() throws {
    var loop = SocketLoop(batch: 8)
    let sockets = try (0..<2).map { _ in try loop.opened("127.0.0.1:0").socket }
    let out = try UDPSocket(boundTo: "127.0.0.1:0")
    for socket in sockets { try out.send([1].span, to: socket.localAddress) }
    // Both have one when the loop wakes; while the first is handed out, the other gets another.
    guard case .received(let first, _) = try loop.next(before: .seconds(20)) else {
      Issue.record("nothing has come")
      return
    }
    let sent = loop.now
    let other = sockets.first { $0.localAddress != first.destination }
    try out.send([2].span, to: try #require(other).localAddress)
    #expect(try receive(2, &loop).map(\.1) == [[1], [2]])
    #expect(loop.arrivalTime >= sent)
  }

  @Test("Sockets take turns, a batch each, and all that are ready are heard")
  func turns() throws {
    var loop = SocketLoop(batch: 4)
    let opened = try (0..<300).map { _ in try loop.opened("127.0.0.1:0") }
    let sender = try UDPSocket(boundTo: "127.0.0.1:0")
    for (_, socket) in opened { try sender.send([1].span, to: socket.localAddress) }
    for _ in 0..<20 { try sender.send([1].span, to: opened[0].socket.localAddress) }
    var seen: [SocketID: Int] = [:]
    for (index, (id, _)) in try receive(320, &loop).enumerated() {
      seen[id, default: 0] += 1
      // One socket alone has more than a batch.
      if index < 100 { #expect(seen[id, default: 0] <= 4) }
    }
    #expect(seen.count == 300 && seen[opened[0].id] == 21)
  }
}

/// What cannot be sent in the middle of what can.
@Suite(.timeLimit(.minutes(1))) struct BatchFailureTests {
  /// A socket that others send to, and what they have sent.
  private struct Listener: ~Copyable {
    var loop = SocketLoop()
    let endpoint: TransportAddress

    init() throws {
      let socket = try loop.opened("127.0.0.1:0").socket
      socket.setReceiveBuffer(byteCount: 4 << 20)
      endpoint = socket.localAddress
    }

    /// The first bytes of the datagrams that come.
    mutating func firsts(_ count: Int) throws -> [UInt8] {
      var firsts: [UInt8] = []
      let end = loop.now.advanced(by: .seconds(20))
      while firsts.count < count {
        guard case .received = try loop.next(before: end) else { break }
        firsts.append(loop.bytes[0])
      }
      return firsts
    }
  }

  @Test("A datagram that is too long is lost alone, and told")
  func tooLong() throws {
    var listener = try Listener()
    var loop = SocketLoop()
    let socket = try loop.opened("127.0.0.1:0").socket
    for number: UInt8 in 1...5 {
      let count = number == 3 ? 65_508 : 10
      loop.send([UInt8](repeating: number, count: count).span, on: socket, to: listener.endpoint)
    }
    loop.flush()
    #expect(try listener.firsts(4) == [1, 2, 4, 5])
    let first = loop.takeUnsent()
    let unsent = try #require(first)
    #expect(unsent.count == 1 && unsent.byteCount == 65_508 && unsent.socket === socket)
    expectNoneUnsent(&loop)
  }

  @Test("Datagrams without a route are lost alone, also as segments of one", arguments: [1, 6])
  func noRoute(count: Int) throws {
    var listener = try Listener()
    var loop = SocketLoop()
    // From a loopback address nothing outside can be reached.
    let socket = try loop.opened("127.0.0.1:0").socket
    loop.send([1].span, on: socket, to: listener.endpoint)
    for _ in 0..<count { loop.send([9, 9].span, on: socket, to: "192.0.2.1:9") }
    loop.send([2].span, on: socket, to: listener.endpoint)
    loop.flush()
    #expect(try listener.firsts(2) == [1, 2])
    var lost = 0
    while let unsent = loop.takeUnsent() {
      lost += unsent.count
      #expect(unsent.byteCount == 2 * unsent.count)
    }
    #expect(lost == count)
  }

  @Test("An ICMP error about one datagram stops none of the others, and is told")
  func refused() throws {
    var listener = try Listener()
    let closed = try UDPSocket(boundTo: "127.0.0.1:0").localAddress
    var loop = SocketLoop(batch: 8)
    let (id, socket) = try loop.opened("127.0.0.1:0", keepsErrors: true)
    for number: UInt8 in 1...20 {
      // Of other sizes, so that they do not become one.
      loop.send([UInt8](repeating: 0, count: 2).span, on: socket, to: closed)
      loop.send([number].span, on: socket, to: listener.endpoint)
    }
    loop.flush()
    #expect(try listener.firsts(20) == Array(1...20))
    var failures = 0
    while case .failed(let failure, id) = try loop.next(
      before: loop.now.advanced(by: .milliseconds(200)))
    {
      #expect(failure.destination == closed && failure.code == ECONNREFUSED)
      failures += 1
    }
    // The kernel may limit how many ICMP errors it sends.
    #expect(failures > 0)
    expectNoneUnsent(&loop)
  }

  @Test(
    "Segments that are longer than the link takes are sent one by one",
    .enabled(if: getuid() == 0, "a network of its own is root's"))
  func shortLink() throws {
    let home = linux_enter_network(-1)
    try #require(home >= 0)
    defer { _ = linux_leave_network(home) }
    try #require(linux_set_mtu("lo", 700) == 0 && linux_bring_up("lo") == 0)
    var listener = try Listener()
    var loop = SocketLoop()
    let socket = try loop.opened("127.0.0.1:0").socket
    for number: UInt8 in 1...40 {
      loop.send(
        [UInt8](repeating: number, count: 1000).span, on: socket, to: listener.endpoint)
    }
    loop.flush()
    #expect(try listener.firsts(40) == Array(1...40))
    expectNoneUnsent(&loop)
  }
}

/// Descriptors of other kinds than sockets.
@Suite(.timeLimit(.minutes(1))) struct ReadinessTests {
  @Test("A file, which the kernel calls ready at any time, is told of like a pipe with data")
  func files() throws {
    let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    var loop = SocketLoop()
    let socket = try loop.opened("127.0.0.1:0").socket
    let watched = loop.watch(descriptor: file, for: .readable)
    #expect(try loop.wait(before: nil) == .ready(watched, .readable))
    try socket.send([1].span, to: socket.localAddress)
    guard case .event(.received) = try loop.wait(before: nil) else {
      Issue.record("the socket starves")
      return
    }
    loop.change(watched, to: [])
    let soon = loop.now.advanced(by: .milliseconds(5))
    #expect(try loop.wait(before: soon) == .event(.deadline))
    loop.change(watched, to: .readable)
    #expect(try loop.wait(before: nil) == .ready(watched, .readable))
    loop.close(watched)
    #expect(try loop.wait(before: loop.now.advanced(by: .milliseconds(5))) == .event(.deadline))
  }

  @Test("A descriptor's number that was another's before is watched for its owner now")
  func numbers() throws {
    var loop = SocketLoop()
    var ends: [Int32] = [-1, -1]
    try #require(linux_pipe_close_on_exec(&ends) == 0)
    let first = loop.watch(descriptor: ends[0], for: .readable)
    for end in ends { close(end) }
    let old = ends[0]
    try #require(linux_pipe_close_on_exec(&ends) == 0)
    defer { for end in ends { close(end) } }
    // Another thread may have taken the number meanwhile.
    guard ends[0] == old else { return }
    let second = loop.watch(descriptor: ends[0], for: .readable)
    loop.close(first)
    _ = write(ends[1], "x", 1)
    #expect(try loop.wait(before: nil) == .ready(second, .readable))
  }
}
