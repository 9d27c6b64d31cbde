public import TURN

/// Why a server has given no candidate.
public enum ServerFailure: Hashable, Sendable {
  /// A Binding request got no response that has an address.
  case noAddress
  /// There is no allocation, or not any more.
  case noRelay(TURNClient.End)
  /// There is no connection to the TURN server, or not any more; in the driver's words.
  case noConnection(String)
}

extension ServerFailure: CustomStringConvertible {
  /// The failure in a few words.
  public var description: String {
    switch self {
    case .noAddress: "no answer with an address"
    case .noRelay(.failed(.refused(let code))): "it refuses an allocation: \(code)"
    case .noRelay(.failed(.timedOut)): "it does not answer"
    case .noRelay(.failed(.integrityViolation)): "its responses are not protected"
    case .noRelay(.failed(.malformedResponse)): "its response cannot be used"
    case .noRelay(.failed(.cannotAuthenticate)): "it cannot be authenticated to"
    case .noRelay(.lost): "it has lost the allocation"
    case .noRelay(.released): "the allocation was given back"
    case .noConnection(let reason): "no connection: \(reason)"
    }
  }
}
