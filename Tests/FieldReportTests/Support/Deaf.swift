import SansIO
import Simulator
import TransportAddress

/// A program that some of what comes to its host does not reach: the network has lost it.
struct Deaf<Program: Endpoint>: Endpoint {
  /// The program.
  var program: Program
  /// Whether a datagram is lost; what it carries is given.
  var isLost: @Sendable ([UInt8]) -> Bool = { _ in false }

  init(_ program: Program) { self.program = program }

  var ports: [UInt16] { program.ports }
  var listeningPorts: [UInt16] { program.listeningPorts }
  var nextDeadline: Instant? { program.nextDeadline }

  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {
    program.started(at: address, now: now, using: &generator)
  }

  mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    let bytes = payload.withUnsafeBufferPointer { Array($0) }
    guard !isLost(bytes) else { return }
    program.received(payload, from: source, to: local, at: now, using: &generator)
  }

  mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    program.timerFired(at: now, using: &generator)
  }

  mutating func nextAction() -> EndpointAction? { program.nextAction() }
}
