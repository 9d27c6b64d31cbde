import FoundationEssentials
import NoteFormat
import Terminal
import TestSupport
import Testing

@testable import Lessons

/// What the front page shows must be what the program does.
@Suite struct ReadmeTests {
  static let picture = Program.workspace.root + "/docs/lesson.svg"

  @Test("The picture in the README is the lesson as it is; RECORD_GOLDEN=1 draws it anew")
  func picture() throws {
    let note = try #require(try NoteLibrary.compiled.course().note(named: "nat-table"))
    let step = try #require(note.stepIndex(named: "The first packet makes a mapping"))
    let presentation = Presentation(
      colour: true, emphasis: true, plain: false, unicode: true, width: 88)
    let prompt = StyledText("$ ", .muted) + StyledText("./workbook read nat-table#\(step + 1)")
    let svg = SVGPicture.svg(
      of: [prompt, ""] + NotePage.lines(of: note, step: step, presentation))
    if processEnvironment()["RECORD_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        atPath: Program.workspace.root + "/docs", withIntermediateDirectories: true)
      try Data(svg.utf8).write(to: URL(filePath: Self.picture))
    }
    #expect(
      try svg == String(decoding: Data(contentsOf: URL(filePath: Self.picture)), as: UTF8.self))
  }

  @Test("Every command that the README names exists, and every file it links to is there")
  func commands() throws {
    let readme = try String(
      decoding: Data(contentsOf: URL(filePath: Program.workspace.root + "/README.md")),
      as: UTF8.self)
    let note = try Note.parse(Array(readme.utf8), file: "README.md").note
    var commands = Set<String>()
    for piece in readme.split(separator: "./workbook ").dropFirst() {
      commands.insert(String(piece.prefix { $0.isLetter }))
    }
    #expect(commands.contains("test"))
    for command in commands.subtracting(["test"]) {
      let help = try Program.run(["help", command])
      #expect(help.exitCode == 0, "\(command)")
      #expect(help.output.contains("USAGE: workbook \(command)"), "\(command)")
    }
    note.blocks.forEachNested { block in
      block.inlines.forEachLink { link in
        guard !link.destination.contains(":") else { return }
        #expect(
          FileManager.default.fileExists(
            atPath: Program.workspace.root + "/" + link.destination), "\(link.destination)")
      }
    }
  }
}
