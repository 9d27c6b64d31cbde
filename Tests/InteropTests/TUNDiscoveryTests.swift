import FoundationEssentials
import Glibc
import NATTable
import STUN
import TestSupport
import Testing
import TransportAddress

/// Each of RFC 4787's nine combinations, named from outside by programs that send and look.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(2))) struct TUNDiscoveryTests {
  @Test(
    "coturn's own client names all nine combinations of mapping and filtering",
    .needsNetworks("turnserver", "turnutils_natdiscovery"))
  func natdiscovery() throws {
    let street = try DiscoveryStreet()
    // All at once, for the program takes three seconds to be sure of a silence.
    let running = try Combination.all.map { combination in
      let file = street.folder.path + "/\(combination.number)"
      return (
        combination, file,
        try BackgroundProgram(
          street.nat(
            combination,
            [
              "--quiet", "--", "turnutils_natdiscovery", "-m", "-f", "-L", "10.0.0.2", "-l", "5000",
              DiscoveryStreet.server,
            ]), output: file)
      )
    }
    for (combination, file, program) in running {
      #expect(program.wait() == 0)
      let output = try String(contentsOfFile: file, encoding: .utf8)
      let names = output.split(separator: "\n").filter { $0.hasPrefix("NAT with") }
      #expect(
        names == [
          "NAT with \(Self.title(combination.mapping)) Mapping!",
          "NAT with \(Self.title(combination.filtering)) Filtering!",
        ], "\(combination): \(output)")
    }
  }

  private static func title(_ behaviour: EndpointDependence) -> String {
    switch behaviour {
    case .endpointIndependent: "Endpoint Independent"
    case .addressDependent: "Address Dependent"
    case .addressAndPortDependent: "Address and Port Dependent"
    }
  }

  @Test(
    "Our own discovery names all nine too, and says whether they hairpin",
    .needsNetworks("turnserver"))
  func ownDiscovery() throws {
    let street = try DiscoveryStreet()
    for combination in Combination.all {
      let home = try TestNetwork("home")
      let log = street.folder.path + "/own-\(combination.number)"
      let nat = try BackgroundProgram(
        street.nat(combination, ["--json", "--inside", home.name + "/tun0"]), output: log)
      defer { nat.stop() }
      try waitFor("the NAT") {
        try String(contentsOfFile: log, encoding: .utf8).contains("\"ready\"")
      }
      let found = try home.inside {
        var discovery = try LiveDiscovery(from: "10.0.0.2", server: "198.51.100.1:3478")
        return try discovery.run()
      }
      #expect(found.mapped?.address == combination.external)
      #expect(found.mapping?.description == combination.mapping.description, "\(combination)")
      #expect(found.filtering?.description == combination.filtering.description, "\(combination)")
      // The host that turns round is a stranger to the filter, unless it lets everyone in.
      #expect(found.supportsHairpinning == (combination.filtering == .endpointIndependent))
    }
  }
}

/// A mapping and a filtering behaviour.
struct Combination: CustomStringConvertible {
  var number: Int
  var mapping: EndpointDependence
  var filtering: EndpointDependence

  static let all = EndpointDependence.allCases.flatMap { mapping in
    EndpointDependence.allCases.map { (mapping, $0) }
  }.enumerated().map { Combination(number: $0, mapping: $1.0, filtering: $1.1) }

  /// Where this one's NAT is outside.
  var external: IPAddress { .v4(IPv4Address(203, 0, 113, UInt8(10 + number))) }

  /// What the program's options call a behaviour.
  static func option(_ behaviour: EndpointDependence) -> String {
    behaviour.description.replacing(" ", with: "-")
  }

  var description: String { "\(mapping) mapping, \(filtering) filtering" }
}

/// Where nine NATs are connected, and coturn has two addresses.
private final class DiscoveryStreet {
  static let server = "198.51.100.1"
  let network: TestNetwork
  let folder: Folder
  private let coturn: BackgroundProgram

  init() throws {
    network = try TestNetwork("street")
    folder = try Folder()
    try network.run("for last in 1 2; do ip address add 198.51.100.$last/32 dev lo; done")
    for combination in Combination.all {
      try network.run(
        """
        set -e
        ip tuntap add tun\(combination.number) mode tun
        ip link set tun\(combination.number) up
        ip route add \(combination.external) dev tun\(combination.number)
        """)
    }
    coturn = try network.start(
      """
      cd \(folder.path) && exec turnserver -n -L 198.51.100.1 -L 198.51.100.2 --no-auth --no-tls \\
        --no-dtls --no-cli --log-file stdout --pidfile turn.pid --userdb turn.db
      """)
    try waitFor("coturn") {
      // Two addresses with two ports each.
      Int(
        try network.run("ss -Hlun | grep -cE '198.51.100.[12]:34(78|79)' || true")
          .filter(\.isNumber)) ?? 0 >= 4
    }
  }

  deinit {
    coturn.stop()
    folder.remove()
  }

  /// The command for a NAT of this kind.
  func nat(_ combination: Combination, _ arguments: [String]) -> [String] {
    [
      Program.executable, "nat", "--tun", "--mapping", Combination.option(combination.mapping),
      "--filtering", Combination.option(combination.filtering),
      "--external", combination.external.description,
      "--outside", network.name + "/tun\(combination.number)",
    ] + arguments
  }
}
