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

  /// Runs an example for a limited time while what it prints goes nowhere.
  private func runInSilence(_ body: () throws -> [Trace]) rethrows -> [Trace] {
    fflush(nil)
    let copy = dup(STDOUT_FILENO)
    let nowhere = open("/dev/null", O_WRONLY)
    dup2(nowhere, STDOUT_FILENO)
    close(nowhere)
    signal(SIGALRM) { _ in
      let line: StaticString = "workbook: the example did not end in its time\n"
      _ = write(STDERR_FILENO, line.utf8Start, line.utf8CodeUnitCount)
      _exit(StepExampleExit.timedOut)
    }
    alarm(max(1, seconds))
    defer {
      alarm(0)
      fflush(nil)
      dup2(copy, STDOUT_FILENO)
      close(copy)
    }
    return try body()
  }
}
