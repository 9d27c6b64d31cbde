import CLinux
import CommandOptions
import Glibc
import ProgramSupport
import Relay
import STUN
import Sockets
import TLS
import TransportAddress

/// The life of `serve`: relaying, and what signals have it do.
///
///     SIGHUP ─▶ files read anew ─▶ taken, or refused as a whole
///     SIGTERM ─▶ no more allocations ─▶ the last one has ended, or time is up, or a second signal ─▶ end
///     SIGINT ─▶ end
struct ServeSession: ~Copyable {
  private var setup: ServeSetup
  /// What the sockets were opened for.
  private let started: ServeConfiguration
  private var server: RelayThreads
  private let page: ServePage
  private let metrics: ServedMetrics?
  private let stop: Int32
  private var isDraining = false
  /// Whether what is printed goes to a terminal, whose end is the server's.
  private let isOnTerminal = isatty(STDOUT_FILENO) == 1

  /// Opens the sockets.
  ///
  /// - Parameter stop: the descriptor that tells of signals.
  /// - Throws: `SocketError` where one cannot be opened, `STUNConfigurationError` for addresses that
  ///   behavior discovery cannot have.
  init(_ setup: ServeSetup, _ page: ServePage, stop: Int32) throws {
    let plan = setup.plan
    let arguments = setup.configuration.arguments
    let metrics = try arguments.metrics.map { try ServedMetrics($0.endpoint) }
    var server = try RelayThreads(
      arguments.threads.count, listeningAt: plan.listening,
      secure: setup.certificate.map { .init(at: plan.secureListening, $0.context) },
      signaling: plan.signalListening,
      discovery: try plan.alternate.map {
        try BindingServer.Addresses(plan.listening[0], alternate: $0)
      }, setup.relaying, authenticator: setup.credentials.authenticator,
      // A scrape shows what was at most so long ago, and costs the relay nothing.
      figuresInterval: metrics == nil ? nil : .seconds(1), start: setup.drawn.start, stop: stop)
    server.setAlternateServer(arguments.alternateServer?.endpoint)
    started = setup.configuration
    (self.setup, self.page, self.stop, self.metrics) = (setup, page, stop, metrics)
    self.server = server
  }

  /// Serves until it is over, and shows what happens.
  ///
  /// - Throws: `SocketError` where the kernel refuses to wait or to receive.
  mutating func run() throws(SocketError) {
    page.begin(
      server, setup.plan, setup.configuration.arguments, setup.credentials.shown,
      setup.certificate, metrics: metrics?.url)
    let (page, metrics) = (page, metrics)
    try server.start { report in
      guard case .figures(let figures) = report else { return page.show(report) }
      metrics?.publish(figures)
    }
    while true {
      if try server.wait() == .drained { break }
      var isFromTerminal: Int32 = 0
      let signal = linux_take_signal(stop, &isFromTerminal)
      let hasLostTerminal = isOnTerminal && isatty(STDOUT_FILENO) == 0
      if signal == SIGHUP, isFromTerminal == 0, !hasLostTerminal {
        reload()
      } else if signal != SIGTERM || !drain() {
        break
      }
    }
    server.finish()
    page.finish(server.figures)
  }

  // MARK: - Signals

  /// Reads all files anew and takes them, or none of them.
  private mutating func reload() {
    do throws(WorkbookError) {
      let configuration = try ServeConfiguration(setup.configuration.typedArguments)
      let new = try ServeSetup(configuration, setup)
      let late = configuration.wordsOfStart(changedFrom: started)
      server.reconfigure(new.relaying, authenticator: new.credentials.authenticator)
      server.setAlternateServer(configuration.arguments.alternateServer?.endpoint)
      if let certificate = new.certificate { server.renew(certificate.context) }
      metrics?.hasReloaded(true)
      page.show(
        ServeLine(
          result: "reloaded", fingerprint: new.certificate?.fingerprint,
          needsRestart: late.isEmpty ? nil : late))
      setup = new
    } catch {
      metrics?.hasReloaded(false)
      page.show(
        ServeLine(result: "notReloaded", reason: error.messages.joined(separator: "; ")))
    }
  }

  /// Makes no more allocations.
  ///
  /// - Returns: whether there are some to wait for.
  private mutating func drain() -> Bool {
    let patience = setup.configuration.arguments.drain
    guard !isDraining, patience > 0, server.allocationCount > 0 else { return false }
    isDraining = true
    server.drain(for: .seconds(patience))
    page.show(
      ServeLine(
        result: "draining", seconds: UInt32(patience), allocations: server.allocationCount))
    return true
  }
}
