import CLinux
import CommandOptions
import Glibc
import ProgramSupport
import Router
import SansIO
import TUN

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
      throw .missing(error.description, remedy: error.remedy)
    }
    self.home = home
    self.page = page
    signals = linux_hold_signals(Self.heldSignals, Int32(Self.heldSignals.count))
  }

  /// Routes until a signal says that it is enough, or until the command has ended.
  ///
  /// - Returns: the exit code.
  ///
  /// - Throws: `ProgramFailure` where the command cannot be started, `WorkbookError` otherwise.
  mutating func run(_ command: [String]) throws -> Int32 {
    if !command.isEmpty { process = try start(command) }
    do throws(NetworkError) {
      while true {
        try router.run(until: signals, or: end, watch: page.isQuiet ? nil : page.show)
        if let code = heedSignals() {
          try router.routeWaiting(page.isQuiet ? nil : page.show)
          try router.countOverflows(page.isQuiet ? nil : page.show)
          page.finish(router)
          return code
        }
      }
    } catch {
      throw WorkbookError.missing(error.description, remedy: error.remedy)
    }
  }

  /// Starts the program behind the NAT; its exit code where that fails is a shell's.
  private func start(_ command: [String]) throws(ProgramFailure) -> Int32 {
    do throws(NetworkError) {
      return try home.start(command)
    } catch {
      throw ProgramFailure(error.description, code: error.code == ENOENT ? 127 : 126)
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
