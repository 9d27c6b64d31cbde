import CLinux
import CommandOptions
import Glibc
import Lessons
import NoteFormat
import ProgramSupport
import Reader
import Terminal

/// Stepping through the packets of an example, which `workbook-lab` does: it can run the example and
/// keep what happened in the network that it shows.
struct ExampleSteps {
  private let example: Example

  /// - Throws: `WorkbookError.missing` where the example shows no network, or is not built.
  init(_ example: Example) throws(WorkbookError) {
    guard example.showsPictures else {
      throw .missing(
        "the example \(example.id) shows no network, so there is nothing to step through",
        remedy: nil)
    }
    try NoteLibrary.compiled.requireRunnable(example.id)
    self.example = example
  }

  /// Ends this program and begins the stepper in the same process.
  func replaceThisProcess(_ options: OutputOptions) throws -> Never {
    var arguments = arguments + ["--color", options.color.rawValue]
    if options.plain { arguments.append("--plain") }
    // A crash is told in one line.
    setenv("SWIFT_BACKTRACE", "enable=no", 1)
    try OtherProgram.lab.replaceThisProcess(with: arguments)
  }

  /// Runs the stepper in this process's terminal and waits for its end.
  func run(
    with presentation: Presentation
  ) throws(WorkbookError) -> Workshop.SteppingEnd {
    let program = try OtherProgram.lab.path(isUnwanted: { false }, onProgress: { _ in })
    var arguments = arguments
    if presentation.plain {
      arguments.append("--plain")
    } else if presentation.colour {
      arguments += ["--color", "always"]
    } else if !presentation.emphasis {
      arguments += ["--color", "never"]
    }
    let words = ([program] + arguments).map(OtherProgram.quoted).joined(separator: " ")
    // What is wrong is told by the reader, whose screen would cover this.
    switch linux_run_in_foreground("SWIFT_BACKTRACE=enable=no exec \(words) 2>/dev/null") {
    case 0: return .stepped
    case StepExampleExit.nothingShown: return .nothingShown
    case StepExampleExit.timedOut: return .timedOut
    default: return .failed
    }
  }

  private var arguments: [String] {
    let limit = example.timeLimit ?? ExampleRun.usualTimeLimit
    return [StepExampleExit.command, example.id, "--seconds", "\(limit)"]
  }
}
