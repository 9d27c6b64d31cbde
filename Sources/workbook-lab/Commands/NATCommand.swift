import ArgumentParser
import CommandOptions
import Glibc
import NATConsole
import ProgramSupport
import Terminal
import WorldConsole

struct NATCommand: ParsableCommand {
  static let configuration = NATArguments.configuration

  @OptionGroup var arguments: NATArguments

  func run() throws {
    if arguments.tun.isUsed || !arguments.command.isEmpty {
      throw WorkbookError.usage("options for real hosts, or a command after '--', go with --tun")
    }
    let console = try makeConsole()
    let isInteractive =
      arguments.script == nil && isatty(STDIN_FILENO) == 1 && !arguments.format.json
    if isInteractive {
      if arguments.pcap != nil {
        throw WorkbookError.usage("--pcap is for a world; the file that draws it is missing")
      }
      runInteractively(console)
    } else {
      try runScript(console)
    }
  }

  /// Obeys lines that are typed; an error is shown, and the next line read.
  private func runInteractively(_ console: consuming Console) {
    let output = arguments.output.output()
    output.lines(NATPage.greeting(console))
    var isFirst = true
    while true {
      output.text(StyledText("nat> ", .key))
      output.flush()
      guard let line = readLine() else { break }
      if isFirst, World.begins(with: line) {
        runInteractively(
          WorldHistory(World(seed: arguments.seed ?? 0)), beginningWith: line, output)
        return
      }
      do throws(ConsoleError) {
        let result = try console.obey(line)
        if case .quit = result { break }
        if case .nothing = result {} else { isFirst = false }
        output.lines(NATPage.lines(of: result, output.presentation))
        show(console.reached, output)
      } catch {
        output.lines(NATPage.complaint(error, indent: 5, output.presentation))
      }
    }
    output.line()
    output.flush()
  }

  /// Obeys the lines of a file or of standard input, up to the first that is wrong.
  private func runScript(_ console: consuming Console) throws {
    let output = arguments.output.output()
    defer { output.flush() }
    var lines = try ScriptLines(file: arguments.script)
    var isFirst = true
    var problems = makeProblems()
    // A program that writes lines into a pipe one by one gets each result before the next line.
    script: while let line = lines.next(beforeWaiting: output.flush) {
      if isFirst, World.begins(with: line) {
        return try runWorld(beginningWith: line, &lines, output)
      }
      if arguments.pcap != nil, !LineScanner(line).isAtEnd {
        throw WorkbookError.usage("--pcap is for a world, and these lines are for one NAT")
      }
      do throws(ConsoleError) {
        switch try console.obey(line) {
        case .nothing: continue
        case .quit: break script
        case let result: print(result, to: output)
        }
        show(console.reached, output)
        isFirst = false
      } catch {
        try problems.add(error, at: lines.number, output)
      }
    }
    try problems.finish()
  }

  func makeProblems() -> ScriptProblems {
    ScriptProblems(
      file: arguments.script ?? "standard input", keepsGoing: arguments.keepGoing,
      isJSON: arguments.format.json)
  }

  /// Says that a goal has been reached.
  func show(_ reached: ReachedGoal?, _ output: Writer) {
    guard let reached else { return }
    if arguments.format.json { return output.jsonLine(reached) }
    output.line(StyledText(reached.sentence, .success))
  }

  private func makeConsole() throws(WorkbookError) -> Console {
    do throws(ConsoleError) {
      return try Console(
        preset: arguments.preset.name, external: arguments.external,
        randomSeed: arguments.seed ?? 0)
    } catch {
      throw .usage("--preset: \(error.message)")
    }
  }

  private func print(_ result: ConsoleResult, to output: Writer) {
    if arguments.format.json { return output.jsonLine(result) }
    switch result {
    case .packet, .waited:
      // Most of a long script's lines; where nothing is colored there is nothing to lay out.
      guard output.presentation.plain, !output.presentation.colour else { fallthrough }
      for line in result.lines {
        output.raw(line)
        output.raw("\n")
      }
    default: output.lines(NATPage.lines(of: result, output.presentation))
    }
  }
}
