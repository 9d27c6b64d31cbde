import NATTable
import STUN
import STUNCodec
import SansIO
import Simulator
import Testing
import TransportAddress

/// A STUN client that asks over TCP (RFC 8489 §6.2.2).
private struct STUNStreamClient: StreamEndpoint {
  let server: TransportAddress
  private var client: STUNClient
  private var flow: FiveTuple?
  private var reassembler = StreamReassembler()
  private var actions: [EndpointAction] = []
  private(set) var mapped: TransportAddress?

  init(of server: TransportAddress) {
    self.server = server
    client = STUNClient(server: server, over: .stream())
  }

  var nextDeadline: Instant? { client.nextDeadline }

  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    let flow = FiveTuple(.tcp, local: TransportAddress(address, port: 5000), remote: server)
    self.flow = flow
    actions.append(.stream(.open, on: flow))
  }

  mutating func streamChanged(
    _ flow: FiveTuple, _ event: StreamEvent, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    switch event {
    case .opened: _ = try? client.request(at: now, using: &generator)
    case .received(let bytes):
      reassembler.received(bytes.span.bytes)
      while let message = try? reassembler.next() {
        client.received(message.span, from: server, at: now, using: &generator)
      }
    case .ended, .closed: break
    }
  }

  mutating func nextAction() -> EndpointAction? {
    if !actions.isEmpty { return actions.removeFirst() }
    guard let flow else { return nil }
    switch client.nextAction() {
    case .send(let bytes, _): return .stream(.send(bytes), on: flow)
    case .finished(_, .success(let response)):
      mapped = try? response.xorMappedAddress
      return .stream(.close, on: flow)
    case .finished, nil: return nil
    }
  }
}

/// A STUN server at a TCP port.
private struct STUNStreamServer: StreamEndpoint {
  private var server: BindingServer?
  private var reassemblers: [FiveTuple: StreamReassembler] = [:]
  private var actions: [EndpointAction] = []

  var listeningPorts: [UInt16] { [3478] }

  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    server = BindingServer(BindingServer.Addresses(TransportAddress(address, port: 3478)))
  }

  mutating func streamChanged(
    _ flow: FiveTuple, _ event: StreamEvent, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    switch event {
    case .received(let bytes):
      reassemblers[flow, default: StreamReassembler()].received(bytes.span.bytes)
      while let message = try? reassemblers[flow]?.next() {
        server?.received(message.span, from: flow.remote, to: flow.local, at: now)
        while case .send(let response, _, _) = server?.nextAction() {
          actions.append(.stream(.send(response), on: flow))
        }
      }
    case .ended: actions.append(.stream(.close, on: flow))
    case .opened, .closed: break
    }
  }

  mutating func nextAction() -> EndpointAction? {
    actions.isEmpty ? nil : actions.removeFirst()
  }
}

@Suite struct STUNStreamTests {
  @Test("Over TCP a STUN server sees the outer NAT's address, through two NATs and lossy lines")
  func binding() throws {
    for seed in Seeds.below(50) {
      var net = Network(seed: seed)
      var line = Link.line
      line.loss = .independent(0.1)
      let cgn = net.place(.mobile, "cgn")
      let home = net.router("home", nat: .symmetric, behind: cgn, link: line)
      let alice = net.host(
        "alice", behind: home, running: STUNStreamClient(of: "203.0.113.9:3478"))
      net.host("stun.example", at: "203.0.113.9", running: STUNStreamServer())
      net.run()
      let client = try #require(net.program(on: alice, as: STUNStreamClient.self))
      #expect(client.mapped?.address == "198.51.100.1", Seeds.replay(seed))
    }
  }
}
