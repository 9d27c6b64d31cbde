import ArgumentParser
import CommandOptions
import ExampleChild
import Glibc
import NoteExamples
import NotePictures
import PacketStepper
import ProgramSupport
import Simulator
import Terminal

/// Runs an example and steps through the packets of the network that it shows: the last, if it shows
/// several. `workbook run ID --step` and the reader's key `t` begin it.
struct StepExampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: StepExampleExit.command,
    abstract: "Step through the packets of an example.", shouldDisplay: false)

  @OptionGroup var options: OutputOptions

  @Option(help: "How long the example may take, in seconds.")
  var seconds: UInt32 = 5

  @Argument(help: "The example's id.")
  var id: String

  func run() throws {
    guard let example = compiledExamples.first(where: { $0.id == id }) else {
      throw ProgramFailure(
        "\(id) is not in this program; './workbook build' builds it anew", code: 1)
    }
    let traces: [Trace]
    do {
      traces = try runInSilence { try ShownTraces.of(example.run) }
    } catch {
      throw ProgramFailure("the example \(id) threw an error: \(error)", code: 1)
    }
    guard let trace = traces.last, !trace.events.isEmpty else {
      throw ProgramFailure(
        "the example \(id) has shown no network in which anything happened, so there is nothing to "
          + "step through", code: StepExampleExit.nothingShown)
    }
    PacketStepping.run(trace, output: options.output())
  }

  /// Runs an example for a limited time, while what it prints goes nowhere; a crash is told in a line.
  private func runInSilence(_ body: () throws -> [Trace]) rethrows -> [Trace] {
    fflush(nil)
    let copies = [STDOUT_FILENO, STDERR_FILENO].map { (stream: $0, copy: dup($0)) }
    complaints = copies[1].copy
    let nowhere = open("/dev/null", O_WRONLY)
    for (stream, _) in copies { dup2(nowhere, stream) }
    close(nowhere)
    signal(SIGALRM) { _ in
      complain("workbook: the example did not end in its time\n")
      _exit(StepExampleExit.timedOut)
    }
    let crashes = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]
    for crash in crashes {
      signal(crash) { _ in
        complain("workbook: the example crashed; without --step it says more\n")
        _exit(1)
      }
    }
    alarm(max(1, seconds))
    defer {
      alarm(0)
      for crash in crashes { signal(crash, SIG_DFL) }
      fflush(nil)
      for (stream, copy) in copies {
        dup2(copy, stream)
        close(copy)
      }
    }
    return try body()
  }
}

/// Standard error as it was before the example began; written to by handlers of signals.
nonisolated(unsafe) private var complaints = STDERR_FILENO

private func complain(_ line: StaticString) {
  _ = write(complaints, line.utf8Start, line.utf8CodeUnitCount)
}
