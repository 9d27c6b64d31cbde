import CLinux
import CommandOptions
import Glibc
import ProgramSupport
import RealHosts
import SansIO
import Simulator
import TUN
import WorldConsole

/// A world with real hosts, from the first program's start to the last one's end.
struct TUNWorldSession: ~Copyable {
  private var world: RealNetwork
  private let routers: [(name: String, id: RouterID)]
  private let page: TUNWorldPage
  private let captures: TUNCaptures?
  /// What is still to be changed, the earliest first.
  private var changes: ArraySlice<DrawnWorld.TimedChange>
  private let signals: Int32
  private var programs: [RealProgram] = []
  /// When programs are ended by force, once they have been told to end.
  private var end: Instant?
  private var isEnding: Bool { end != nil }

  private static let heldSignals = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD]
  /// How long programs may take to end when they are told to.
  private static let patience: Duration = .seconds(2)
  /// How much later the last packets have arrived.
  private static let lastTravel: Duration = .seconds(1)

  deinit { close(signals) }

  /// - Parameter captures: what takes all packets; nil for nothing.
  init(
    _ drawn: DrawnWorld, _ page: TUNWorldPage, _ captures: TUNCaptures?
  ) throws(WorkbookError) {
    do throws(NetworkError) {
      world = try RealNetwork(drawn.network, hosts: drawn.hosts.map(\.id))
    } catch {
      throw .missing(error.description, remedy: error.remedy)
    }
    routers = drawn.routers
    changes = drawn.changes[...]
    self.page = page
    self.captures = captures
    signals = linux_hold_signals(Self.heldSignals, Int32(Self.heldSignals.count))
  }

  /// Carries packets until all programs have ended, or until a signal says that it is enough.
  ///
  /// - Returns: the exit code: that of the first program with one that is not 0, or 130 after a signal.
  /// - Throws: `WorkbookError` where a program cannot be started, a device is gone, or a capture cannot be
  ///   written.
  mutating func run(_ commands: [(host: HostID, command: String)]) throws(WorkbookError) -> Int32 {
    do throws(NetworkError) {
      page.begin(world.hosts, idle: { host in !commands.contains { $0.host == host } })
      // Programs that ask for no terminal's width ask for this.
      setenv("COLUMNS", "\(page.width)", 1)
      for (id, command) in commands {
        for host in world.hosts where host.id == id {
          programs.append(try RealProgram(command, on: host))
        }
      }
      while true {
        let ready = try world.step(
          waitingFor: [signals] + programs.flatMap(\.descriptors),
          or: [end, changes.first?.time].compactMap { $0 }.min())
        try makeChanges()
        let hasSignal = ready.contains(signals)
        if hasSignal { heedSignals() }
        showEvents()
        for program in programs {
          if program.descriptors.contains(where: ready.contains) { showLines(of: program) }
          if hasSignal { lookForEnd(of: program) }
        }
        page.flush()
        captures?.flush()
        if captures?.failure != nil { break }
        if let end, world.now >= end { send(SIGKILL) }
        if programs.allSatisfy(\.hasEnded), isEnding || !programs.isEmpty { break }
      }
      try world.carryRest(for: Self.lastTravel)
    } catch {
      throw WorkbookError.missing(error.description, remedy: error.remedy)
    }
    showEvents()
    captures?.flush()
    page.finish(world.network, routers)
    if let failure = captures?.failure { throw failure }
    if isEnding { return 130 }
    return programs.lazy.compactMap(\.exitCode).first { $0 != 0 } ?? 0
  }

  /// Makes the changes that are due.
  private mutating func makeChanges() throws(NetworkError) {
    while let next = changes.first, next.time <= world.now {
      changes.removeFirst()
      showEvents()
      // It was tried when it was read; only who has which address may be another matter by now.
      var problem: DrawingError?
      try world.change { network in
        do throws(DrawingError) { try next.change.apply(to: &network) } catch { problem = error }
      }
      page.show(next, problem, at: world.now)
    }
  }

  private mutating func showEvents() {
    for event in world.takeEvents() {
      page.show(event)
      captures?.add(event, from: world.startTime)
    }
  }

  private func showLines(of program: RealProgram) {
    for line in program.readLines() { page.show(line, of: program.host) }
  }

  private func lookForEnd(of program: RealProgram) {
    guard program.lookForEnd() else { return }
    // What it printed last comes before its end.
    showLines(of: program)
    page.showEnd(of: program)
  }

  private func send(_ signal: Int32) {
    for program in programs { program.send(signal) }
  }

  /// Does what signals ask for; that a program has ended is seen by itself.
  private mutating func heedSignals() {
    var isFromTerminal: Int32 = 0
    while true {
      switch linux_take_signal(signals, &isFromTerminal) {
      case 0: return
      case SIGUSR1: page.showTables(world.network, routers)
      case SIGCHLD: break
      case let signal:
        if isEnding {
          // Whoever asks twice does not want to wait.
          end = world.now
        } else {
          // A key at the terminal has told the programs already.
          if isFromTerminal == 0 { send(signal) }
          end = world.now.advanced(by: Self.patience)
        }
      }
    }
  }
}
