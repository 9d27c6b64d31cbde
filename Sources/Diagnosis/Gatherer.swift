internal import Relay
internal import SansIO
internal import Sockets
public import TLS
public import TURN
internal import TransportAddress

/// Tries a STUN or TURN server from its name to its last step.
public struct Gatherer {
  /// Who TURN servers are asked as.
  public var credentials: ProbeCredentials
  /// The time, in seconds since 1970.
  public var wallClock: Int64
  /// A descriptor that is readable once it is enough.
  public var stop: Int32?
  /// Whom to trust about the certificates of servers; nil for the system's issuers.
  public var trust: TLSContext?

  /// A gatherer with these credentials.
  public init(as credentials: ProbeCredentials, wallClock: Int64, stop: Int32? = nil) {
    (self.credentials, self.wallClock, self.stop) = (credentials, wallClock, stop)
  }

  /// Tries the server; each step is reported as soon as its outcome is known.
  ///
  /// - Throws: `TURNConfigurationError` for credentials that no server can have.
  /// - Precondition: the URI's way is not ``ServerURI/Way/unknown``.
  public func run(
    _ uri: ServerURI, report: @escaping (ProbeStep) -> Void
  ) throws(TURNConfigurationError) -> ServerVerdict {
    let clock = ContinuousClock()
    let start = clock.now
    let found: [ServerResolution.Found]
    do throws(ServerResolution.Failure) {
      found = try addresses(of: uri)
    } catch {
      report(
        ProbeStep(
          .resolve, .failed, start.duration(to: clock.now), error.finding,
          causes: Trouble(error).causes))
      return .fails
    }
    guard let way = found.first?.transport, let server = found.first?.address else {
      return .fails
    }
    if case .name = uri.location.host {
      report(ProbeStep(.resolve, .passed, start.duration(to: clock.now), uri.text(of: found)))
    }
    do {
      let local = TransportAddress(try UDPSocket.source(for: server), port: 0)
      let transport = try transport(way, to: uri)
      let verdict =
        if case .udp = transport {
          try binding(server, local, report)
        } else {
          try StreamProbe(server, over: transport, from: local, stop: stop).run(report)
        }
      guard uri.kind == .turn, verdict == .works else { return verdict }
      var probe = try RelayProbe(
        server, over: transport, as: credentials, from: local, wallClock: wallClock, stop: stop,
        report: report)
      return try probe.run()
    } catch let error as TURNConfigurationError {
      throw error
    } catch {
      let reason = "\(error)"
      report(
        ProbeStep(
          .binding, .failed, start.duration(to: clock.now), reason,
          causes: Trouble.noRoute(reason).causes))
      return .fails
    }
  }

  private func transport(
    _ way: ServerResolution.Transport, to uri: ServerURI
  ) throws -> RelayedSocket.Transport {
    switch way {
    case .udp: .udp
    case .tcp: .tcp
    case .tls: .tls(try trust ?? TLSContext(clientTrusting: nil), name: uri.hostName)
    }
  }

  private func binding(
    _ server: TransportAddress, _ local: TransportAddress, _ report: (ProbeStep) -> Void
  ) throws(SocketError) -> ServerVerdict {
    let clock = ContinuousClock()
    let start = clock.now
    let answer = try BindingProbe.ask(server, from: local, stop: stop)
    let duration = start.duration(to: clock.now)
    switch answer {
    case .mapped(let mapped):
      let nat = mapped.address == local.address ? "no NAT in between" : "behind a NAT"
      report(ProbeStep(.binding, .passed, duration, "this machine is \(mapped), \(nat)"))
      return .works
    case .error(let error):
      // It answers, which is what counts.
      report(ProbeStep(.binding, .passed, duration, "an answer, though no address: \(error)"))
      return .works
    case .icmp(let failure):
      report(
        ProbeStep(
          .binding, .failed, duration, "\(failure)",
          causes: Trouble.icmp(isPortClosed: failure.isPortClosed, port: server.port).causes))
      return .silent
    case .foreign:
      report(
        ProbeStep(
          .binding, .failed, duration, "an answer that is not STUN",
          causes: Trouble.foreignDatagram(port: server.port).causes))
      return .fails
    case .silence:
      report(
        ProbeStep(
          .binding, .failed, duration, "no answer", causes: Trouble.silence(server: server).causes))
      return .silent
    }
  }
}

extension ServerURI {
  /// Addresses as a list, with port and transport where DNS and not the URI has said them.
  fileprivate func text(of found: [ServerResolution.Found]) -> String {
    let port = location.port ?? location.defaultPort
    var texts: [String] = []
    for found in found {
      let isUsual = found.address.port == port
      let address = isUsual ? "\(found.address.address)" : "\(found.address)"
      if !texts.contains(address) { texts.append(address) }
    }
    return texts.joined(separator: ", ")
  }
}

extension ServerResolution.Failure {
  /// The failure in a phrase.
  fileprivate var finding: String {
    if case .noAddress = self { "no address" } else { "\(self)" }
  }
}
