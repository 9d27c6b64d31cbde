import ArgumentParser
import CommandOptions
import FoundationEssentials
import Lessons
import ProgramSupport
import TestSupport
import Testing
import TransportAddress

/// The file of `serve`: what is in it is obeyed, or is an error.
@Suite struct ServeConfigurationTests {
  /// Reads a file of these lines beside this command line.
  private func read(_ lines: String, _ commandLine: [String] = []) throws -> ServeConfiguration {
    let path =
      FileManager.default.temporaryDirectory.path
      + "/pathfinder-\(UInt64.random(in: .min ... .max)).conf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(lines.utf8).write(to: URL(filePath: path))
    let whole = ["--config", path] + commandLine
    return try ServeConfiguration(try ServeArguments.parse(whole), commandLine: whole)
  }

  /// What is said about such a file: line and words.
  private func problems(_ lines: String, _ commandLine: [String] = []) throws -> [String] {
    do {
      _ = try read(lines, commandLine)
      return []
    } catch let error as WorkbookError {
      #expect(error.exitCode == 65)
      return error.messages.map { String($0.drop { $0 != ":" }.dropFirst()) }
    }
  }

  @Test("Each word of the file counts like its option, with comments and blanks around it")
  func words() throws {
    let arguments = try read(
      """
      # A relay.

      listen 192.0.2.1:3478
        listen   192.0.2.1:443\t
      tls
      allow-peer 10.0.0.0/8
      user alice:correct horse
      drain 5
      metrics 9641
      """, ["--realm", "example.org"]
    ).arguments
    #expect(arguments.listen.map(\.endpoint) == ["192.0.2.1:3478", "192.0.2.1:443"])
    #expect(arguments.tls && arguments.drain == 5 && arguments.realm == "example.org")
    #expect(arguments.user.map(\.password) == ["correct horse"])
    #expect(arguments.metrics?.endpoint == "127.0.0.1:9641")
    #expect(arguments.allowPeer.count == 1)
  }

  @Test(
    "A line that cannot be obeyed is an error that names it",
    arguments: [
      ("lisen 192.0.2.1", "there is no word 'lisen'; did you mean 'listen'?"),
      ("frobnicate", "there is no word 'frobnicate'; 'workbook serve --help' lists them"),
      ("listen", "'listen' needs a value after it"), ("tls yes", "'tls' takes no value"),
      ("listen nowhere", "The value 'nowhere' is invalid for '--listen"),
      ("drain soon", "The value 'soon' is invalid for '--drain"),
      ("config other.conf", "'config' is for the command line alone"),
      ("--listen 192.0.2.1", "there is no word '--listen'"),
      ("realm a\nrealm b", "'realm' is there already: say it once"),
    ])
  func lines(text: String, message: String) throws {
    let found = try problems(text)
    try #require(found.count == 1)
    let line = text.contains("\n") ? 2 : 1
    #expect(found[0].hasPrefix("\(line):1: "), "\(found)")
    #expect(found[0].contains(message), "\(found)")
  }

  @Test("All lines that cannot be obeyed are named at once")
  func all() throws {
    let found = try problems("a\nlisten 192.0.2.1\nb\nc")
    #expect(found.map { $0.prefix(3) } == ["1:1", "3:1", "4:1"])
  }

  @Test("What is in the file and on the command line is an error, as one of them would be ignored")
  func both() throws {
    #expect(
      try problems("realm a", ["--realm=b"])[0].contains("on the command line, too: say it once"))
    #expect(throws: WorkbookError.self) { try read("", ["--realm", "a", "--realm", "b"]) }
  }

  @Test("No password is in a message")
  func passwords() throws {
    let found = try problems("user hush-hush")
    #expect(found == ["1:1: 'user' needs NAME:PASSWORD after it"])
  }

  @Test("Every option of the help can be in a file, but those for the command line alone")
  func complete() throws {
    let help = ServeArguments.helpMessage(columns: 200)
    let options = Set(help.matches(of: #/--([a-z-]+)/#).map { String($0.1) })
    #expect(options.count > 20)
    for option in options.subtracting(["config", "check", "help", "version"]) {
      let found = try problems("\(option)") + (try problems("\(option) x"))
      #expect(!found.contains { $0.contains("no word") }, "\(option)")
    }
  }

  @Test("What changes only with a restart is told from what changes at once")
  func changes() throws {
    let old = try read("listen 192.0.2.1\nrealm a\nallow-peer 10.0.0.0/8")
    let new = try read("listen 192.0.2.2\nrealm a\ndeny-peer 10.0.0.0/8\ncert a\nkey b")
    #expect(new.wordsOfStart(changedFrom: old) == ["listen", "cert"])
    #expect(old.wordsOfStart(changedFrom: old) == [])
  }

  @Test("An alternate server must be another, and a drain must have an end")
  func plan() throws {
    for (text, message) in [
      ("alternate-server 127.0.0.1:3478", "is this server itself"),
      ("alternate-server 0.0.0.0:3478", "clients cannot send to"), ("drain 100000", "86400"),
    ] {
      do {
        _ = try ServePlan(try read(text).arguments)
        Issue.record("\(text) is taken")
      } catch let error as WorkbookError {
        #expect(error.messages[0].contains(message))
      }
    }
  }

  // MARK: - docs/serve.md

  @Test("The file in docs/serve.md is obeyed, and its table of reloading has every word")
  func page() throws {
    let page = try String(
      contentsOfFile: Program.workspace.root + "/docs/serve.md", encoding: .utf8)
    let file = try #require(page.firstMatch(of: #/```conf\n((?:.|\n)*?)```/#))
    _ = try ServePlan(try read(String(file.1)).arguments)
    let table = try #require(page.firstMatch(of: #/\| words \|(?:.*\n)+?\n/#)).0
    let help = ServeArguments.helpMessage(columns: 200)
    for option in Set(help.matches(of: #/--([a-z-]+)/#).map { String($0.1) })
      .subtracting(["config", "check", "help", "version"])
    {
      #expect(table.contains("`\(option)`"), "\(option)")
    }
  }

  @Test("The unit for systemd runs options that there are")
  func unit() throws {
    let unit = try String(
      contentsOfFile: Program.workspace.root + "/docs/pathfinder-relay.service", encoding: .utf8)
    let commands = unit.matches(of: #/Exec\w+=\S+workbook-live serve (.*)/#).map { String($0.1) }
    #expect(commands.count == 3)
    for command in commands {
      let arguments = try ServeArguments.parse(command.split(separator: " ").map(String.init))
      #expect(arguments.config == "/etc/pathfinder/turn.conf")
    }
    let timeout = try #require(unit.firstMatch(of: #/TimeoutStopSec=(\d+)/#)).1
    #expect(try #require(Int(timeout)) > ServeArguments.parse([]).drain)
  }
}
