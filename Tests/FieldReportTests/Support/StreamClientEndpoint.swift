import STUNCodec
import SansIO
import Simulator
import TransportAddress

/// A program with one connection to the relay, which sends what it is told and keeps what comes.
struct StreamClientEndpoint: StreamEndpoint {
  /// The bytes that have come.
  private(set) var bytes: [UInt8] = []
  /// The frames among them, without padding.
  private(set) var frames: [[UInt8]] = []
  /// How the connection has ended, or that the relay sends no more; nil while it is open.
  private(set) var end: StreamEvent?
  private var flow: FiveTuple?
  private var reassembler = StreamReassembler()
  private var actions: [EndpointAction] = []

  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    let flow = FiveTuple(
      .tcp, local: TransportAddress(address, port: 5000), remote: RelayStreet.streamServer)
    self.flow = flow
    actions.append(.stream(.open, on: flow))
  }

  mutating func streamChanged(
    _ flow: FiveTuple, _ event: StreamEvent, at now: Instant,
    using generator: inout SeededGenerator
  ) {
    switch event {
    case .opened: break
    case .received(let bytes):
      self.bytes += bytes
      reassembler.received(bytes.span.bytes)
      while let frame = try? reassembler.next() { frames.append(frame) }
    case .ended, .closed: end = event
    }
  }

  /// Sends bytes as soon as the network goes on.
  mutating func send(_ bytes: [UInt8]) {
    if let flow { actions.append(.stream(.send(bytes), on: flow)) }
  }

  mutating func nextAction() -> EndpointAction? {
    actions.isEmpty ? nil : actions.removeFirst()
  }
}
