import Simulator
import TUN
import TransportAddress

/// An interface of a real host: a device in its namespace, which ends here.
final class RealInterface {
  /// The interface in the network.
  let id: InterfaceID
  /// What the device was made for.
  let link: Network.LinkConfiguration
  let device: TUNDevice

  /// Its addresses, the IPv4 address first.
  var addresses: [IPAddress] { Self.addresses(of: link) }

  static func addresses(of link: Network.LinkConfiguration) -> [IPAddress] {
    [link.address.map { .v4($0) }, link.address6.map { .v6($0) }].compactMap { $0 }
  }

  /// Makes the device, and the routes to it.
  ///
  /// - Parameters:
  ///   - number: the interface's among those of its host, from 0.
  ///   - isOnly: whether the host has no other.
  init(
    _ id: InterfaceID, of network: Network, in namespace: consuming NetworkNamespace, number: Int,
    isOnly: Bool
  ) throws(NetworkError) {
    let link = network.linkConfiguration(of: id)
    self.id = id
    self.link = link
    // Without offload, for the network carries whole packets, with right checksums.
    device = try TUNDevice(
      Self.name(of: id, in: network, number: number), in: namespace, offload: false)
    try device.configure(
      addresses: [link.address].compactMap { $0 }, prefixLength: link.prefixLength, mtu: link.mtu,
      isDefaultRoute: isOnly && link.address != nil)
    if let address = link.address6 {
      try device.configure(
        addresses: [address], prefixLength: link.prefixLength6, isDefaultRoute: isOnly)
    }
    if !isOnly { try device.routeAll(number: number + 1, from: Self.addresses(of: link)) }
  }

  /// `eth0` for the first, and the interface's own name for others, as far as a device can have it.
  private static func name(of id: InterfaceID, in network: Network, number: Int) -> String {
    if id.node == id.host.node { return "eth0" }
    let host = network.trace.nodes[id.host.node.index].name
    let name = network.trace.nodes[id.node.index].name.dropFirst(host.count + 1)
    let isPossible =
      (1..<16).contains(name.utf8.count) && name != "lo" && name != "eth0" && name != "."
      && name != ".." && !name.contains { "/:%".contains($0) || $0.isWhitespace }
    return isPossible ? String(name) : "eth\(number)"
  }
}
