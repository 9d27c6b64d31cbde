import Glibc
import SansIO
import Sockets
import Testing
import TransportAddress

/// Receives what must be there, for `loop` tells when it is.
private func received(
  _ loop: inout SocketLoop
) throws -> (arrival: UDPSocket.Arrival, socket: SocketID, bytes: [UInt8]) {
  let event = try loop.next(before: loop.now.advanced(by: .seconds(10)))
  guard case .received(let arrival, let socket) = event else { throw Unexpected(event: event) }
  return (arrival, socket, (0..<loop.bytes.count).map { loop.bytes[$0] })
}

private struct Unexpected: Error {
  var event: SocketLoop.Event
}

/// Sends an array.
extension UDPSocket {
  fileprivate func send(
    _ bytes: [UInt8], to destination: TransportAddress, from source: IPAddress? = nil
  ) throws -> Bool {
    try send(bytes.span, to: destination, from: source)
  }
}

@Suite struct UDPSocketTests {
  static let loopbacks: [IPAddress] = ["127.0.0.1", "127.0.0.2", "::1"]

  @Test("Port 0 is replaced by one that the kernel chose", arguments: loopbacks)
  func port(address: IPAddress) throws {
    let socket = try UDPSocket(boundTo: TransportAddress(address, port: 0))
    #expect(socket.localAddress.address == address)
    #expect(socket.localAddress.port != 0)
  }

  @Test("A datagram arrives with its bytes, its source and its destination", arguments: loopbacks)
  func datagram(address: IPAddress) throws {
    var loop = SocketLoop()
    let receiver = try loop.open(TransportAddress(address, port: 0))
    let sender = try UDPSocket(boundTo: TransportAddress(address, port: 0))
    let target = try #require(loop[receiver]).localAddress
    #expect(try sender.send([1, 2, 3], to: target))
    let (arrival, socket, bytes) = try received(&loop)
    #expect(socket == receiver)
    #expect(bytes == [1, 2, 3])
    #expect(arrival.source == sender.localAddress)
    #expect(arrival.destination == target)
    #expect(arrival.interface != 0)
    #expect(!arrival.isTruncated)
  }

  @Test(
    "A socket at an unspecified address responds from the address that was asked",
    arguments: loopbacks)
  func responds(address: IPAddress) throws {
    let unspecified: IPAddress = if case .v4 = address { "0.0.0.0" } else { "::" }
    var server = SocketLoop()
    let id = try server.open(TransportAddress(unspecified, port: 0))
    let socket = try #require(server[id])
    var client = SocketLoop()
    let asking = try client.open(TransportAddress(address, port: 0))
    let asked = TransportAddress(address, port: socket.localAddress.port)
    #expect(try #require(client[asking]).send([1], to: asked))
    let request = try received(&server).arrival
    #expect(request.destination == asked)
    #expect(try socket.respond([2].span, to: request))
    #expect(try received(&client).arrival.source == asked)
  }

  @Test(
    "The kernel alone would choose another: sent without a source, a datagram leaves from 127.0.0.1"
  )
  func chosen() throws {
    let sender = try UDPSocket(boundTo: "0.0.0.0:0")
    var loop = SocketLoop()
    let receiver = try loop.open("127.0.0.2:0")
    let target = try #require(loop[receiver]).localAddress
    #expect(try sender.send([1], to: target))
    #expect(try received(&loop).arrival.source.address == "127.0.0.1")
    #expect(try sender.send([1], to: target, from: "127.0.0.3"))
    #expect(try received(&loop).arrival.source.address == "127.0.0.3")
  }

  @Test("An IPv6 socket takes no IPv4, so that one of each can share a port")
  func families() throws {
    let v6 = try UDPSocket(boundTo: "[::]:0")
    let v4 = try UDPSocket(boundTo: TransportAddress("0.0.0.0", port: v6.localAddress.port))
    #expect(v4.localAddress.port == v6.localAddress.port)
  }

  @Test("A datagram longer than the buffer is cut, and says so")
  func truncated() throws {
    var loop = SocketLoop(capacity: 2)
    let receiver = try loop.open("127.0.0.1:0")
    let sender = try UDPSocket(boundTo: "127.0.0.1:0")
    _ = try sender.send([1, 2, 3], to: #require(loop[receiver]).localAddress)
    let (arrival, _, bytes) = try received(&loop)
    #expect(arrival.isTruncated)
    #expect(bytes == [1, 2])
  }

  @Test("An empty datagram is one")
  func empty() throws {
    var loop = SocketLoop()
    let receiver = try loop.open("127.0.0.1:0")
    let sender = try UDPSocket(boundTo: "127.0.0.1:0")
    _ = try sender.send([], to: #require(loop[receiver]).localAddress)
    #expect(try received(&loop).arrival.count == 0)
  }

  @Test("Where nothing waits, receiving gives nil at once")
  func nothing() throws {
    let socket = try UDPSocket(boundTo: "127.0.0.1:0")
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
    defer { buffer.deallocate() }
    #expect(try socket.receive(into: buffer) == nil)
  }

  @Test("What the kernel refuses is an error with the system's words")
  func refused() throws {
    let socket = try UDPSocket(boundTo: "127.0.0.1:0")
    let address = socket.localAddress
    let inUse = #expect(throws: SocketError.self) { try UDPSocket(boundTo: address) }
    #expect(inUse?.description == "cannot open a UDP socket at \(address): Address already in use")
    let foreign = #expect(throws: SocketError.self) { try UDPSocket(boundTo: "192.0.2.1:0") }
    #expect(foreign?.code == EADDRNOTAVAIL)
    let long = #expect(throws: SocketError.self) {
      try socket.send([UInt8](repeating: 0, count: 65_536), to: "127.0.0.1:9")
    }
    #expect(long?.code == EMSGSIZE)
  }
}

@Suite struct HostAddressTests {
  @Test("Loopback is among this host's addresses")
  func loopback() throws {
    #expect(try hostAddresses().contains("127.0.0.1"))
  }
}
