public import TURN
internal import TransportAddress

/// Finds the addresses of a server, with the transports by which it is reached there, the best first
/// (RFC 5928 §3).
///
/// - Parameters:
///   - transports: those that can be used, the best first; nil for UDP, TCP and TLS.
///   - names: who is asked; it may take some seconds.
/// - Throws: where there is none.
public func addresses(
  of uri: ServerURI, over transports: [ServerResolution.Transport]? = nil,
  by names: NameService = .init()
) throws(ServerResolution.Failure) -> [ServerResolution.Found] {
  // STUN is asked by UDP unless the scheme says TLS: both find the same address.
  let usual: [ServerResolution.Transport] = uri.kind == .stun ? [.udp, .tls] : [.udp, .tcp, .tls]
  var resolution = ServerResolution(
    uri.location, for: uri.kind == .stun ? .stun : .turn, over: transports ?? usual)
  var generator = SystemRandomNumberGenerator()
  while let action = resolution.nextAction() {
    switch action {
    case .ask(let query): resolution.answered(names.answer(to: query), using: &generator)
    case .found(let found): return found
    case .failed(let failure): throw failure
    }
  }
  preconditionFailure("a resolution ends with addresses or a failure")
}

extension Trouble {
  /// What a resolution has failed of.
  init(_ failure: ServerResolution.Failure) {
    self =
      switch failure {
      case .noAddress(let name): .unknownHost(name)
      case .unanswered(let name): .unansweredName(name)
      case .notOffered(let name): .notOffered(name)
      case .noTransport: .unknownHost("")
      }
  }
}
