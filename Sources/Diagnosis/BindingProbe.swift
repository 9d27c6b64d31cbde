internal import Glibc
internal import STUN
internal import STUNCodec
internal import SansIO
public import Sockets
public import TransportAddress

/// Asks a server for the own address: the first thing that must work.
public struct BindingProbe {
  /// What came back.
  public enum Answer: Hashable, Sendable {
    /// The server sees this machine so.
    case mapped(TransportAddress)
    /// An error response: the server lives, and tells no stranger.
    case error(String)
    /// An ICMP error came back.
    case icmp(DeliveryFailure)
    /// What came is no answer of a STUN server's.
    case foreign
    /// Nothing came in time.
    case silence
  }

  /// Asks, for as long as the RFC's first three sends take.
  ///
  /// - Parameter local: the endpoint to ask from.
  /// - Throws: `SocketError` where this machine has no socket or no way to the server.
  public static func ask(
    _ server: TransportAddress, from local: TransportAddress, stop: Int32? = nil
  ) throws(SocketError) -> Answer {
    var loop = SocketLoop(stop: stop)
    let id = try loop.open(local, keepsErrors: true)
    var client = STUNClient(server: server, over: .datagrams(.short))
    var generator = SystemRandomNumberGenerator()
    var isForeign = false
    do throws(TransactionError) {
      try client.request(at: loop.now, using: &generator)
    } catch {
      // It is the only request, and has no attributes.
      return .silence
    }
    while true {
      while let action = client.nextAction() {
        switch action {
        case .send(let bytes, let target): try loop[id]?.send(bytes.span, to: target)
        case .finished(_, .success(let message)):
          guard let mapped = try? message.xorMappedAddress ?? message.mappedAddress else {
            return .error("a response without an address")
          }
          return .mapped(mapped)
        case .finished(_, .error(let code, _)): return .error("\(code)")
        case .finished(_, .timedOut): return isForeign ? .foreign : .silence
        case .finished: return .error("a response that cannot be used")
        }
      }
      switch try loop.next(before: client.nextDeadline) {
      case .received(let arrival, _):
        if arrival.source == server, !loop.bytes.isResponse { isForeign = true }
        client.received(loop.bytes, from: arrival.source, at: loop.now, using: &generator)
      case .failed(let failure, _): return .icmp(failure)
      case .deadline: client.timerFired(at: loop.now)
      case .stopped: return .silence
      }
    }
  }
}

extension Span<UInt8> {
  /// Whether they are a STUN response, be it to another request.
  fileprivate var isResponse: Bool {
    guard let message = try? STUNMessageView(bytes) else { return false }
    return message.type.class == .successResponse || message.type.class == .errorResponse
  }
}
