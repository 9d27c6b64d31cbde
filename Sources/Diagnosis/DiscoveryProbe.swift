public import STUN
internal import SansIO
public import Sockets
public import TransportAddress

/// Behavior discovery (RFC 5780) on two real sockets.
public struct DiscoveryProbe {
  /// Finds out how the NAT between this machine and the server behaves.
  ///
  /// - Parameters:
  ///   - local: this machine's address towards the server.
  ///   - stop: a descriptor that is readable once it is enough.
  /// - Returns: what was found; nil where it was stopped.
  /// - Throws: `SocketError` where there is no socket.
  public static func run(
    _ server: TransportAddress, from local: IPAddress, stop: Int32? = nil
  ) throws(SocketError) -> DiscoveredBehavior? {
    var loop = SocketLoop(stop: stop)
    let examined = try loop.open(TransportAddress(local, port: 0))
    let other = try loop.open(TransportAddress(local, port: 0))
    guard let endpoint = loop[examined]?.localAddress else { return nil }
    var machine = DiscoveryMachine(
      discovery: BehaviorDiscovery(server: server, local: endpoint), examined: examined,
      other: other)
    // It has not begun before.
    try? machine.started(at: loop.now)
    guard case .finished(let found) = try loop.run(&machine) else { return nil }
    return found
  }
}

extension DiscoveredBehavior {
  /// What it means for calls, a sentence for each thing found.
  public var meaning: [String] {
    guard mapped != nil else { return [] }
    var sentences: [String] = []
    if isLocal { sentences.append("There is no NAT: peers can use this machine's own address.") }
    switch mapping {
    case .endpointIndependent? where !isLocal:
      sentences.append("The NAT uses one address for all destinations: peers can be told of it.")
    case .addressDependent?, .addressAndPortDependent?:
      sentences.append(
        "The NAT uses another address for each destination: what a STUN server sees is of no use "
          + "to peers, and with many of them only a relay will do.")
    case nil:
      sentences.append(
        "The server has no second address, or it did not answer: mapping and filtering cannot be "
          + "told. Servers that can are started with two addresses.")
    default: break
    }
    switch filtering {
    case .endpointIndependent?:
      sentences.append("Whatever comes to that address is let in, from any peer.")
    case .addressDependent?:
      sentences.append("A peer is let in once something was sent to its address.")
    case .addressAndPortDependent?:
      sentences.append("A peer is let in once something was sent to its very address and port.")
    case nil: break
    }
    if supportsHairpinning == false, !isLocal {
      sentences.append(
        "Two machines behind this NAT cannot reach each other by their outside addresses.")
    }
    if hasALG {
      sentences.append("Something on the way changes addresses inside packets (an ALG).")
    }
    return sentences
  }
}
