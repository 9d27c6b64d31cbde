import ArgumentParser
import CommandOptions
import FoundationEssentials
import Lessons
import Terminal

struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page, made from the commands themselves.",
    discussion: "Read it with: ./workbook manual | man -l -")

  @OptionGroup var options: OutputOptions

  func run() throws {
    let output = options.output()
    output.raw(try ManualPage().roff)
    output.flush()
  }
}

/// The command tree as a manual page for `man` (groff's man macros).
struct ManualPage {
  private(set) var roff = ""
  /// The options that most commands have, by title, in the order of their first use.
  private var usual: [(title: String, abstract: String)] = []

  /// Creates the page from the description that ArgumentParser prints of the commands.
  ///
  /// - Throws: an error if ArgumentParser's description has an unknown form.
  init() throws {
    let description = Workbook._dumpHelp()
    let tool = try JSONDecoder().decode(Tool.self, from: Data(description.utf8)).command
    roff = """
      .TH WORKBOOK 1 "" "workbook \(Workbook.configuration.version)" "Pathfinder"
      .SH NAME
      workbook \\- \(Self.text(Self.withoutStop(tool.abstract ?? "")))
      .SH SYNOPSIS
      .B ./workbook
      .RI [ COMMAND ]
      .RI [ OPTIONS ]
      .SH DESCRIPTION

      """
    if let discussion = tool.discussion { addParagraphs(discussion) }
    roff += ".SH COMMANDS\n"
    for command in tool.subcommands ?? [] { add(command, above: "") }
    roff += ".SH OPTIONS\nOf every command that they make sense for:\n"
    for (title, abstract) in usual { addItem(".B \(Self.text(title))", abstract) }
    roff += ".SH ENVIRONMENT\n"
    for (name, meaning) in Self.environment { addItem(".B \(name)", meaning) }
    roff += ".SH EXIT STATUS\n"
    for (code, meaning) in Self.exitCodes { addItem(".B \(code)", meaning) }
    roff += ".SH FILES\n"
    for (path, meaning) in Self.files { addItem(".I \(Self.text(path))", meaning) }
    roff += ".SH EXAMPLES\n"
    for (line, meaning) in Self.examples { addItem(".B \(Self.text(line))", meaning) }
  }

  // MARK: Commands

  private mutating func add(_ command: Tool.Command, above parent: String) {
    // ArgumentParser adds a 'help' to every command with subcommands; this page replaces it.
    guard command.commandName != "help", command.shouldDisplay ?? true else { return }
    let name = parent + command.commandName
    let arguments = (command.arguments ?? []).filter { $0.shouldDisplay ?? true }
    let usage = arguments.filter { $0.kind == "positional" }.map(\.usage).joined(separator: " ")
    if let subcommands = command.subcommands?.filter({ $0.commandName != "help" }),
      !subcommands.isEmpty
    {
      for subcommand in subcommands { add(subcommand, above: name + " ") }
      return
    }
    roff += ".SS \(Self.text(usage.isEmpty ? name : "\(name) \(usage)"))\n"
    addParagraphs(
      [command.abstract, command.discussion].compactMap { $0 }.joined(separator: "\n\n"))
    for argument in arguments { add(argument) }
  }

  /// Adds an argument; the options that most commands have are described once, after all commands.
  private mutating func add(_ argument: Tool.Argument) {
    let usualNames = ["--help", "--version", "--color COLOR", "--plain", "--json"]
    guard usualNames.contains(where: argument.title.hasSuffix) else {
      addItem(".B \(Self.text(argument.title))", argument.abstract ?? "")
      return
    }
    guard !usual.contains(where: { $0.title == argument.title }) else { return }
    usual.append((argument.title, argument.abstract ?? ""))
  }

  private mutating func addItem(_ tag: String, _ meaning: String) {
    roff += ".TP\n\(tag)\n\(Self.text(meaning))\n"
  }

  private mutating func addParagraphs(_ text: String) {
    for (index, paragraph) in text.split(separator: "\n\n").enumerated() {
      if index > 0 { roff += ".PP\n" }
      roff += Self.text(String(paragraph)) + "\n"
    }
  }

  // MARK: Text

  private static func withoutStop(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// Text escaped for roff: backslashes, requests at the start of a line, and hyphens.
  static func text(_ text: String) -> String {
    text.split(separator: "\n").map { line in
      let escaped = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }.joined(separator: "\n")
  }
}

/// The parts of ArgumentParser's description of a program that the manual uses.
private struct Tool: Decodable {
  var command: Command

  struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool?
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    var kind: String
    var shouldDisplay: Bool?
    var isOptional: Bool
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var abstract: String?

    /// The argument as it is typed: `NOTE` or `--color COLOR`.
    var title: String {
      let value = (valueName ?? "").uppercased()
      if kind == "positional" { return value }
      let flags = (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
        .joined(separator: ", ")
      return kind == "option" ? "\(flags) \(value)" : flags
    }

    /// The title in a synopsis: in brackets if it is optional.
    var usage: String {
      let name = title + (isRepeating ? " ..." : "")
      return isOptional ? "[\(name)]" : name
    }
  }
}
