import NATConsole
public import Simulator
import TransportAddress

/// A change of a network while it runs, as one line says it: an interface leaves its network or comes to
/// one, or a NAT gets other addresses outside.
public struct WorldChange: Sendable {
  private enum Kind: Sendable {
    case disconnect(InterfaceID)
    case connect(InterfaceID, HostPlan)
    case renumber(RouterID, [IPv4Address])
  }

  private let kind: Kind

  /// Changes the network.
  ///
  /// - Throws: `DrawingError`; nothing is changed then.
  public func apply(to network: inout Network) throws(DrawingError) {
    switch kind {
    case .disconnect(let interface): network.disconnect(interface)
    case .connect(let interface, let plan): try network.tryConnecting(interface, as: plan)
    case .renumber(let router, let addresses): try network.renumber(router, to: addresses)
    }
  }

  /// `disconnect HOST`
  static func disconnect(
    _ scanner: inout LineScanner, in world: World
  ) throws(ConsoleError) -> Self {
    let (interface, column) = try interface(&scanner, in: world)
    try scanner.expectEnd()
    guard world.network.isConnected(interface) else {
      throw ConsoleError(
        column: column, message: "'\(world.name(interface.node))' is in no network")
    }
    return Self(kind: .disconnect(interface))
  }

  /// `connect HOST [behind ROUTER] [at ADDRESS] [LINK]`
  static func connect(
    _ scanner: inout LineScanner, in world: World
  ) throws(ConsoleError) -> Self {
    let (interface, _) = try interface(&scanner, in: world)
    var plan = HostPlan(world.name(interface.node))
    try world.takePlaces(&scanner, &plan)
    return Self(kind: .connect(interface, plan))
  }

  /// `renumber ROUTER ADDRESS...`
  static func renumber(
    _ scanner: inout LineScanner, in world: World
  ) throws(ConsoleError) -> Self {
    let router = try world.router(&scanner)
    var addresses: [IPv4Address] = []
    repeat { addresses.append(try scanner.address("its new address")) } while !scanner.isAtEnd
    return Self(kind: .renumber(router, addresses))
  }

  /// The name of a host, or of a further interface of one, `phone/cell`, and its column.
  private static func interface(
    _ scanner: inout LineScanner, in world: World
  ) throws(ConsoleError) -> (interface: InterfaceID, column: Int) {
    guard let word = scanner.next() else { throw scanner.error("a host's name should stand here") }
    let (host, interface) = try world.host(named: word.text, column: word.column)
    return (interface ?? host.interface, word.column)
  }
}
