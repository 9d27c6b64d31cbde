import ArgumentParser
import CLinux
import Glibc
import Lessons
import NATConsole
import NATTable
import ProgramSupport
import Router
import SansIO
import TUN
import Terminal
import TransportAddress

extension NATCommand {
  /// `nat --tun`: routes until a signal comes or the command ends.
  func runBetweenHosts() throws {
    // First of all, before anything is made that a failure would leave behind.
    guard case .table(let known) = try makeConsole().nat else {
      throw WorkbookError.usage("--preset: with --tun it is a NAT between IPv4 networks")
    }
    let configuration = try tun.applied(to: known.configuration)
    let addresses = try externalAddresses()
    guard case .v4(let external)? = addresses.first else {
      throw WorkbookError.usage("--external: the first address is to be an IPv4 address")
    }
    if script != nil { throw WorkbookError.usage("--tun reads no script; a command follows '--'") }
    let plan = try TUNPlan(tun, external: external, command: command)
    guard geteuid() == 0 else {
      throw WorkbookError.missing(
        "nat --tun makes network devices, for which it must be root", remedy: "run it with sudo")
    }
    let table = NATTable(
      configuration, external: addresses, randomSeed: seed ?? .random(in: .min ... .max))
    let layout = try TUNLayout(plan)
    let page = TUNPage(
      // What the command prints stays its own.
      output: options.output(to: command.isEmpty ? STDOUT_FILENO : STDERR_FILENO),
      isJSON: format.json, isQuiet: tun.quiet)
    page.begin(configuration, layout, gateway: plan.gateway, external: addresses)
    var session = try TUNSession(
      NATRouter(table, gateway: plan.gateway, prefixLength: plan.prefixLength), layout, page)
    let code = try session.run(command)
    if code != 0 { throw ExitCode(code) }
  }
}

/// A NAT between two devices, from its first packet to its last.
struct TUNSession: ~Copyable {
  private var router: TUNRouter
  private let home: NetworkNamespace
  private let page: TUNPage
  private let signals: Int32
  /// The program behind the NAT, as long as it runs.
  private var process: Int32?
  /// When the program is ended by force, once this one has been told to end.
  private var end: Instant?

  private static let heldSignals = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD]
  /// How long a program may take to end when it is told to.
  private static let patience: Duration = .seconds(2)

  deinit { close(signals) }

  init(
    _ router: NATRouter, _ layout: consuming TUNLayout, _ page: TUNPage
  ) throws(WorkbookError) {
    let home = layout.home
    do throws(NetworkError) {
      self.router = try TUNRouter(router, inside: layout.inside, outside: layout.outside)
    } catch {
      throw .missing(error.description, remedy: nil)
    }
    self.home = home
    self.page = page
    signals = linux_hold_signals(Self.heldSignals, Int32(Self.heldSignals.count))
  }

  /// Routes until a signal says that it is enough, or until the command has ended.
  ///
  /// - Returns: the exit code.
  mutating func run(_ command: [String]) throws(WorkbookError) -> Int32 {
    do throws(NetworkError) {
      if !command.isEmpty { process = try home.start(command) }
      while true {
        try router.run(until: signals, or: end, watch: page.isQuiet ? nil : page.show)
        if let code = heedSignals() {
          page.finish(router)
          return code
        }
      }
    } catch {
      throw .missing(error.description, remedy: nil)
    }
  }

  /// Does what signals ask for.
  ///
  /// - Returns: the exit code, if this was the end.
  private mutating func heedSignals() -> Int32? {
    var isFromTerminal: Int32 = 0
    var code: Int32?
    while true {
      switch linux_take_signal(signals, &isFromTerminal) {
      case 0:
        if let end, router.now >= end, let process { kill(process, SIGKILL) }
        return code
      case SIGUSR1: page.showTable(router)
      case SIGCHLD: code = code ?? exitCodeOfProcess()
      case let signal:
        guard let process else {
          code = 130
          continue
        }
        // A key at the terminal has told the program already, which may have other plans.
        if isFromTerminal == 0 {
          kill(process, signal)
          end = router.now.advanced(by: Self.patience)
        }
      }
    }
  }

  /// As a shell would tell it; nil while the program runs.
  private mutating func exitCodeOfProcess() -> Int32? {
    var status: Int32 = 0
    guard let process, waitpid(process, &status, WNOHANG) == process else { return nil }
    self.process = nil
    if end != nil { return 130 }
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }
}
