import ArgumentParser
import CommandOptions
import Lessons
import Terminal

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "See what is installed, what is missing, and how to get it.",
    discussion: "The exit code is 69 where something is missing that the workbook needs.")

  @OptionGroup var options: OutputOptions
  @OptionGroup var format: JSONOption

  func run() throws {
    let findings = try Doctor(try .current()).findings()
    let output = options.output()
    if format.json {
      try output.json(DoctorReport(findings: findings))
    } else {
      show(findings, output)
    }
    output.flush()
    if findings.contains(where: { $0.isNeeded && !$0.isThere }) { throw ExitCode(69) }
  }

  private func show(_ findings: [Finding], _ output: Writer) {
    for (title, isNeeded) in [
      ("Needed", true), ("For single chapters, tests and benchmarks", false),
    ] {
      output.line(StyledText(title, .subheading))
      for finding in findings where finding.isNeeded == isNeeded {
        let state: StyledText =
          finding.isThere
          ? StyledText("there   ", .success)
          : StyledText("missing ", isNeeded ? .failure : .warning)
        let line = state + StyledText(finding.name, .label) + StyledText(", \(finding.purpose)")
        output.lines(
          line.wrapped(
            to: output.presentation.proseWidth, first: "  ", continuation: "          "))
        if let detail = finding.isThere ? finding.detail : "get it: \(finding.remedy)" {
          output.lines(
            StyledText(detail, finding.isThere ? .muted : .note).wrapped(
              to: output.presentation.proseWidth, first: "          ",
              continuation: "          "))
        }
      }
      output.line()
    }
    let missing = findings.filter { $0.isNeeded && !$0.isThere }
    output.line(
      missing.isEmpty
        ? StyledText("Nothing is missing that the workbook needs.", .success)
        : StyledText("Missing: " + missing.map(\.name).joined(separator: ", ") + ".", .failure))
  }
}
