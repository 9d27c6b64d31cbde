import CommandOptions
import ProgramSupport
import STUN
import STUNCodec
import Sockets
import TURN
import TransportAddress

/// What `serve` serves, with every file read and everything checked; no socket has been opened yet.
struct ServeSetup {
  let configuration: ServeConfiguration
  let plan: ServePlan
  let credentials: ServedCredentials
  let certificate: ServedCertificate?
  let relaying: TURNServer.Configuration
  let drawn: ServedCredentials.Drawn
  /// The realm of the server since its start.
  let realm: String

  /// Reads everything.
  ///
  /// - Parameter former: what is served already; what is drawn and what was made for this run stays.
  /// - Throws: `WorkbookError` for the first thing that is not as it should be.
  init(_ configuration: ServeConfiguration, _ former: ServeSetup?) throws(WorkbookError) {
    let arguments = configuration.arguments
    self.configuration = configuration
    plan = try ServePlan(arguments)
    drawn = former?.drawn ?? .init()
    realm = former?.realm ?? arguments.realm
    credentials = try ServedCredentials(arguments, realm: realm, drawn)
    if let former {
      certificate = try former.certificate?.renewed(arguments, plan)
    } else {
      certificate = try ServedCertificate(arguments, plan)
    }
    relaying = try Self.relaying(arguments, plan)
  }

  private static func relaying(
    _ arguments: ServeArguments, _ plan: ServePlan
  ) throws(WorkbookError) -> TURNServer.Configuration {
    let ports = arguments.portRange.ports
    let own: Set<IPAddress>
    do throws(SocketError) {
      own = try hostAddresses()
    } catch {
      throw .missing(error.description, remedy: nil)
    }
    do throws(TURNConfigurationError) {
      func blocks(_ blocks: [AddressBlock]) throws(TURNConfigurationError) -> [PeerPolicy.Block] {
        var made: [PeerPolicy.Block] = []
        for block in blocks {
          made.append(try PeerPolicy.Block(block.address, prefixLength: block.prefixLength))
        }
        return made
      }
      func relayed(
        _ address: IPAddress?
      ) throws(TURNConfigurationError) -> TURNServer.RelayedAddress? {
        guard let address else { return nil }
        return try TURNServer.RelayedAddress(address, ports: ports)
      }
      var configuration = try TURNServer.Configuration(
        ipv4: relayed(plan.ipv4), ipv6: relayed(plan.ipv6),
        // Whoever may relay must not get at this machine's own services from the inside.
        ownAddresses: own,
        policy: PeerPolicy(
          allowed: blocks(arguments.allowPeer), denied: blocks(arguments.denyPeer)),
        limits: .init(
          allocationsPerUser: arguments.allocationsPerUser,
          allocationsPerAddress: arguments.allocationsPerAddress,
          permissionsPerAllocation: arguments.permissions,
          channelsPerAllocation: arguments.channels,
          connectionsPerAllocation: arguments.connections))
      // coturn's own client draws them from the range that RFC 5766 had.
      configuration.channelNumbers = ChannelNumber.formerValues
      configuration.allowsMobility = arguments.mobility
      return configuration
    } catch {
      throw .usage(error.description)
    }
  }
}
