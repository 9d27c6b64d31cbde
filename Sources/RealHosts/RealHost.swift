import CLinux
import Glibc
public import Simulator
import TUN
public import TransportAddress

/// A host of a network as a network namespace: real programs run there, and its devices end here.
///
/// The namespace and the devices have no name outside of this process, so that nothing need be removed:
/// all are gone when the process is, however it ends.
public final class RealHost {
  /// The host in the network.
  public let id: HostID
  /// Its name.
  public let name: String
  /// Its addresses at first, by interface.
  public let addresses: [IPAddress]
  /// Its interfaces as they were drawn, connected or not.
  let interfaceIDs: [InterfaceID]
  /// The interfaces that have a device, by their numbers.
  private(set) var interfaces: [RealInterface?]
  private let namespace: NetworkNamespace
  /// What its /etc/hosts says.
  private let names: String

  /// Makes the namespace, its devices and its routes.
  init(_ id: HostID, of network: Network) throws(NetworkError) {
    self.id = id
    name = network.trace.nodes[id.node.index].name
    names = HostNames(asSeenFrom: id, in: network).text
    namespace = try NetworkNamespace()
    try namespace.bringUpLoopback()
    let ids = network.interfaces(of: id)
    interfaceIDs = ids
    interfaces = Array(repeating: nil, count: ids.count)
    addresses = ids.flatMap { RealInterface.addresses(of: network.linkConfiguration(of: $0)) }
    try followNetwork(network)
  }

  /// Makes the devices be as the interfaces are: one that has left its network has none, and one that has
  /// come to another has a new one with its addresses there.
  func followNetwork(_ network: Network) throws(NetworkError) {
    for (number, interface) in interfaceIDs.enumerated() {
      let isConnected = network.isConnected(interface)
      if isConnected, interfaces[number]?.link == network.linkConfiguration(of: interface) {
        continue
      }
      // Gone before the next is made: it may have the same name.
      interfaces[number] = nil
      guard isConnected else { continue }
      interfaces[number] = try RealInterface(
        interface, of: network, in: namespace.another(), number: number,
        isOnly: interfaceIDs.count == 1)
    }
  }

  /// What `nsenter --net=` takes to run one more program there, as long as this process lives.
  public var path: String { "/proc/\(getpid())/fd/\(namespace.descriptor)" }

  /// Starts a program there that reads nothing; what it has started ends with it.
  ///
  /// - Parameters:
  ///   - output: the descriptor that it prints to.
  ///   - errors: the descriptor that gets its messages.
  /// - Returns: the process to wait for and to send signals to.
  func start(
    _ command: [String], output: Int32, errors: Int32
  ) throws(NetworkError) -> Int32 {
    let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(nothing) }
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let process = name.withCString { name in
      names.withCString { names in
        var host = linux_host(
          network: namespace.descriptor, name: name, names: names, input: nothing, output: output,
          errors: errors)
        return linux_start_on_host(&host, &arguments)
      }
    }
    guard process > 0 else { throw NetworkError("start a program on \(name)") }
    return process
  }
}
