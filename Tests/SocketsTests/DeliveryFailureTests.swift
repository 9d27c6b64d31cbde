import Glibc
import SansIO
import Sockets
import Testing
import TransportAddress

/// What a socket is told about datagrams that did not arrive.
@Suite(.timeLimit(.minutes(1))) struct DeliveryFailureTests {
  static let loopbacks: [IPAddress] = ["127.0.0.1", "::1"]

  /// An endpoint where nobody listens.
  private func closedPort(_ address: IPAddress) throws -> TransportAddress {
    try UDPSocket(boundTo: TransportAddress(address, port: 0)).localAddress
  }

  @Test("A port where nobody listens is reported, with the ICMP message", arguments: loopbacks)
  func refused(address: IPAddress) throws {
    let target = try closedPort(address)
    var loop = SocketLoop()
    let id = try loop.open(TransportAddress(address, port: 0), keepsErrors: true)
    let socket = try #require(loop[id])
    try socket.send([1].span, to: target)
    let event = try loop.next(before: nil)
    let isV6 = address == "::1"
    #expect(
      event
        == .failed(
          DeliveryFailure(
            destination: target, origin: .icmp(type: isV6 ? 1 : 3, code: isV6 ? 4 : 3),
            code: ECONNREFUSED, mtu: 0), on: id))
  }

  @Test("A socket that was not asked to keep errors reports none")
  func notKept() throws {
    let target = try closedPort("127.0.0.1")
    var loop = SocketLoop()
    let id = try loop.open("127.0.0.1:0")
    let socket = try #require(loop[id])
    try socket.send([1].span, to: target)
    try socket.send([2].span, to: socket.localAddress)
    guard case .received = try loop.next(before: nil) else {
      Issue.record("something else than the datagram has come")
      return
    }
    #expect(try socket.takeFailure() == nil)
  }

  @Test("An error of an earlier datagram neither stops the next one nor what comes in")
  func goesOn() throws {
    let target = try closedPort("127.0.0.1")
    var loop = SocketLoop()
    let failing = try loop.open("127.0.0.1:0", keepsErrors: true)
    let other = try loop.open("127.0.0.1:0")
    let (first, second) = (try #require(loop[failing]), try #require(loop[other]))
    for _ in 0..<20 {
      try first.send([1].span, to: target)
      #expect(try first.send([2].span, to: second.localAddress))
      try second.send([3].span, to: first.localAddress)
    }
    var received: [SocketID: Int] = [:]
    var failures = 0
    while received != [failing: 20, other: 20] || failures < 20 {
      switch try loop.next(before: loop.now.advanced(by: .seconds(10))) {
      case .received(_, let id): received[id, default: 0] += 1
      case .failed(let failure, failing):
        #expect(failure.destination == target)
        failures += 1
      case let event:
        Issue.record("\(event) after \(received) and \(failures) failures")
        return
      }
    }
  }

  @Test("Fragments can be forbidden and allowed", arguments: loopbacks)
  func fragments(address: IPAddress) throws {
    var loop = SocketLoop()
    let id = try loop.open(TransportAddress(address, port: 0), keepsErrors: true)
    let socket = try #require(loop[id])
    for isForbidden in [true, false] {
      try socket.forbidFragments(isForbidden)
      try socket.send([1].span, to: socket.localAddress)
      guard case .received = try loop.next(before: nil) else {
        Issue.record("the datagram is lost")
        return
      }
    }
  }

  @Test("The source for a destination on this host is that address", arguments: loopbacks)
  func source(address: IPAddress) throws {
    #expect(try UDPSocket.source(for: TransportAddress(address, port: 9)) == address)
  }

  @Test("A datagram has the room around it that was asked for, and a header can be written there")
  func room() throws {
    var loop = SocketLoop(capacity: 16, headroom: 4, tailroom: 2)
    let id = try loop.open("127.0.0.1:0")
    let socket = try #require(loop[id])
    try socket.send([1, 2, 3].span, to: socket.localAddress)
    guard case .received = try loop.next(before: nil) else {
      Issue.record("the datagram is lost")
      return
    }
    #expect(loop.payload == 4..<7)
    #expect(loop.packet.count == 22)
    var packet = loop.mutablePacket
    packet[3] = 9
    let written = loop.packet.extracting(3..<7)
    #expect((0..<written.count).map { written[$0] } == [9, 1, 2, 3])
    #expect((0..<loop.bytes.count).map { loop.bytes[$0] } == [1, 2, 3])
  }
}
