import ArgumentParser
import Lessons
import NATTable
import ProgramSupport
import TransportAddress

/// What `nat --tun` can be told.
struct TUNOptions: ParsableArguments {
  @Flag(help: "Route between real hosts instead of reading lines; needs root.")
  var tun = false

  @Option(
    help: ArgumentHelp(
      """
      What the mapping depends on, whatever the preset says: endpoint-independent, \
      address-dependent or address-and-port-dependent.
      """, valueName: "behaviour"))
  var mapping: String?

  @Option(
    help: ArgumentHelp(
      "What the filter looks at, whatever the preset says.", valueName: "behaviour"))
  var filtering: String?

  @Option(
    help: ArgumentHelp(
      """
      The TUN device that the inside is at, without a command: DEVICE or NAMESPACE/DEVICE. \
      One that is not there is made and given an address.
      """, valueName: "device"))
  var inside: String?

  @Option(
    help: ArgumentHelp(
      "The TUN device that the outside is at; without one it is made on this machine.",
      valueName: "device"))
  var outside: String?

  @Option(help: "The NAT's address on the inside, and the length of that network's prefix.")
  var gateway = "10.0.0.1/24"

  @Flag(help: "Leave nothing undone in packets, so that a capture shows them as on a cable.")
  var noOffload = false

  @Flag(help: "Print neither events nor the table at the end.")
  var quiet = false

  /// Whether any of them was given.
  var isUsed: Bool {
    mapping != nil || filtering != nil || inside != nil || outside != nil || noOffload || quiet
      || gateway != "10.0.0.1/24"
  }
}

extension TUNOptions {
  /// A preset's configuration with the behaviours that were asked for.
  func applied(
    to configuration: NATTable.Configuration
  ) throws(WorkbookError) -> NATTable.Configuration {
    var configuration = configuration
    if let mapping {
      configuration.mapping = try Self.behaviour(mapping, "--mapping")
    }
    if let filtering {
      configuration.filtering = try Self.behaviour(filtering, "--filtering")
    }
    return configuration
  }

  private static func behaviour(
    _ name: String, _ option: String
  ) throws(WorkbookError) -> EndpointDependence {
    func spelled(_ behaviour: EndpointDependence) -> String {
      String(behaviour.description.map { $0 == " " ? "-" : $0 })
    }
    if let behaviour = EndpointDependence.allCases.first(where: { spelled($0) == name }) {
      return behaviour
    }
    let names = EndpointDependence.allCases.map(spelled).joined(separator: ", ")
    throw .usage("\(option): no behaviour is called '\(name)'; there are \(names)")
  }

  /// The gateway's address, and the prefix's length.
  func gatewayAddress() throws(WorkbookError) -> (IPv4Address, Int) {
    let parts = gateway.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, let address = try? IPv4Address(parsing: parts[0]),
      let length = Int(parts[1]), (8...30).contains(length)
    else {
      throw .usage("--gateway: '\(gateway)' is not like 10.0.0.1/24, with a length from 8 to 30")
    }
    return (address, length)
  }
}
