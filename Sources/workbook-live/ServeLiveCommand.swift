import ArgumentParser
import CLinux
import CommandOptions
import Glibc
import ProgramSupport
import Relay
import STUN
import STUNCodec
import Sockets
import TLS
import TURN
import TransportAddress

/// `serve`: relays until a signal comes.
struct ServeLiveCommand: ParsableCommand {
  static let configuration = ServeArguments.configuration

  @OptionGroup var arguments: ServeArguments

  func run() throws {
    let plan = try ServePlan(arguments)
    let credentials = try ServedCredentials(arguments)
    let certificate = try ServedCertificate(arguments, plan)
    // From here on a signal ends the server, not the process: what it has relayed is told.
    let stop = linux_hold_stop_signals()
    raiseDescriptorLimit()
    let page = ServePage(output: arguments.output.output(), isJSON: arguments.format.json)
    do {
      var server = try RelayServer(
        listeningAt: plan.listening,
        secure: certificate.map { .init(at: plan.secureListening, $0.context) },
        discovery: try discovery(plan), try configuration(plan),
        authenticator: credentials.authenticator, stop: stop)
      page.begin(server, plan, arguments, credentials.shown, certificate)
      try server.run(page.show)
      page.finish(server)
    } catch let error as SocketError {
      throw WorkbookError.missing(error.description, remedy: error.remedy)
    } catch let error as TURNConfigurationError {
      throw WorkbookError.usage(error.description)
    } catch let error as STUNConfigurationError {
      throw WorkbookError.usage(error.description)
    }
  }

  private func discovery(_ plan: ServePlan) throws -> BindingServer.Addresses? {
    try plan.alternate.map { try BindingServer.Addresses(plan.listening[0], alternate: $0) }
  }

  private func configuration(_ plan: ServePlan) throws -> TURNServer.Configuration {
    let ports = arguments.portRange.ports
    func block(_ block: AddressBlock) throws -> PeerPolicy.Block {
      try PeerPolicy.Block(block.address, prefixLength: block.prefixLength)
    }
    var configuration = try TURNServer.Configuration(
      ipv4: plan.ipv4.map { try .init($0, ports: ports) },
      ipv6: plan.ipv6.map { try .init($0, ports: ports) },
      // Whoever may relay must not get at this machine's own services from the inside.
      ownAddresses: try hostAddresses(),
      policy: PeerPolicy(
        allowed: arguments.allowPeer.map(block), denied: arguments.denyPeer.map(block)),
      limits: .init(
        allocationsPerUser: arguments.allocationsPerUser,
        allocationsPerAddress: arguments.allocationsPerAddress,
        permissionsPerAllocation: arguments.permissions,
        channelsPerAllocation: arguments.channels))
    // coturn's own client draws them from the range that RFC 5766 had.
    configuration.channelNumbers = ChannelNumber.formerValues
    return configuration
  }

  /// Each allocation is a socket: as many as this process may have.
  private func raiseDescriptorLimit() {
    var limit = rlimit()
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(files, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(files, &limit)
  }
}

extension SocketError {
  /// What may help.
  var remedy: String? {
    switch code {
    case EADDRINUSE: "another program has it: choose another port with --listen"
    case EADDRNOTAVAIL: "it is none of this machine's addresses"
    case EACCES: "ports below 1024 are root's"
    default: nil
    }
  }
}
