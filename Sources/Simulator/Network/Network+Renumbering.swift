import NATTable
import Router
public import TransportAddress

/// NATs that get other addresses outside while flows live, as a provider gives them overnight.
extension Network {
  /// Gives a router's NAT other addresses outside.
  ///
  /// All its mappings are gone, but static ones, which move to the first of the new addresses. What is on
  /// its way to an old address is lost there, and hosts inside are not told.
  /// - Parameter addresses: at least one, of the network that the router is in.
  /// - Throws: ``DrawingError``; nothing is changed then.
  public mutating func renumber(
    _ router: RouterID, to addresses: [IPv4Address]
  ) throws(DrawingError) {
    let parent = routerIndex(above: router.node)
    guard routers[router.index].nat != nil, let inside = routers[router.index].inside,
      let first = addresses.first
    else { throw .noNAT(trace.nodes[router.node.index].name) }
    for address in addresses { try check(address, behind: parent, besides: router.node) }
    let (old, mtu) = (routers[router.index].nat!.table, routers[router.index].nat!.mtu)
    let table = NATTable(
      old.configuration, external: addresses.map { .v4($0) }, using: &generator)
    var nat: NATRouter
    do throws(NATRouter.ConfigurationError) {
      nat = try NATRouter(
        table, gateway: inside.gateway, prefixLength: inside.prefixLength, mtu: mtu)
    } catch {
      throw .router(error)
    }
    do throws(NATTable.ConfigurationError) {
      for mapping in old.mappings where mapping.isStatic {
        try nat.addStaticMapping(
          mapping.protocol, inside: mapping.inside,
          outside: TransportAddress(.v4(first), port: mapping.outside.port))
      }
    } catch {
      throw .mapping(error)
    }
    for case .v4(let address) in old.externalAddresses { routers[parent].children[address] = nil }
    for address in addresses { routers[parent].children[address] = router.node }
    routers[router.index].nat = nat
    guard isTracing else { return }
    let text = addresses.map(\.description).joined(separator: " and ")
    trace.record(.report("outside it is \(text) now"), at: router.node, time)
    recordExpired(router.index)
    recordAllChanges(router.index)
  }

  /// The first address of a router on its outside; nil for one without a NAT.
  public func externalAddress(of router: RouterID) -> IPv4Address? {
    let state = routers[router.index]
    if let addresses = state.nat64?.externalAddresses { return addresses.first }
    guard case .v4(let address)? = state.nat?.table.externalAddresses.first else { return nil }
    return address
  }
}
