import Gathering
import ICE
import Simulator
import TURN
public import TransportAddress

/// The servers that an agent asks for candidates.
public struct CallServers: Hashable, Sendable {
  /// The STUN server, for a server-reflexive candidate; nil for none.
  public var stun: TransportAddress?
  /// The TURN server, for a relayed candidate; nil for none.
  public var turn: TransportAddress?
  /// Where the TURN server takes TCP; nil for nowhere.
  ///
  /// It is asked so when no server has answered over UDP for two seconds: a network lets none out then.
  public var turnStream: TransportAddress?
  /// The name of its user.
  public var username = "caller"
  /// The user's password.
  public var password = "a password of the relay's"

  /// Servers at these addresses.
  public init(
    stun: TransportAddress?, turn: TransportAddress?, turnStream: TransportAddress? = nil
  ) {
    self.stun = stun
    self.turn = turn
    self.turnStream = turnStream
  }
}

extension CallServers {
  /// What gathers candidates for a socket.
  ///
  /// - Precondition: a relay can have the user.
  func gatherer(
    of base: TransportAddress, localPreference: UInt16 = ICEConstants.highestLocalPreference
  ) -> BaseGatherer {
    var relays: [GatheringServers.Relay] = []
    if let turn { relays.append(.init(turn, username: username, password: password)) }
    if let turnStream {
      relays.append(.init(turnStream, over: .tcp, username: username, password: password))
    }
    do throws(TURNConfigurationError) {
      return try BaseGatherer(
        base: base, localPreference: localPreference,
        servers: GatheringServers(stun: stun.map { [$0] } ?? [], relays: relays))
    } catch {
      preconditionFailure("a relay has no such user: \(error)")
    }
  }
}

extension StreamEvent {
  /// The same, on a connection to a relay.
  var atRelay: RelayStreamEvent {
    switch self {
    case .opened: .opened
    case .received(let bytes): .received(bytes)
    case .ended: .ended("the server has closed it")
    case .closed(let failure): .ended(failure?.rawValue ?? "closed")
    }
  }
}
