import NoteFormat
import Terminal
import TestSupport
import Testing

@testable import Lessons

/// What an example shows beside its output.
@Suite(.serialized, .waitsForChildren) struct ShownPicturesTests {
  static let drawn = "a ┃ b ┃ c"
  static let line =
    #"{"version":1,"text":"a ┃ b ┃ c","narrower":["a┃b┃c"],"words":"a, b and c","svg":"<svg/>"}"#
  let screen = Presentation(plain: false, width: 80)

  func read(_ text: String) -> ShownPictures { ShownPictures(reading: Array(text.utf8)) }

  @Test("A picture is drawn where it fits, narrower where not, and told in words elsewhere")
  func forms() {
    let pictures = read(Self.line + "\n")
    #expect(pictures.problem == nil)
    let output = "before\n\(Self.drawn)\nafter\n"
    #expect(pictures.fitted(output, to: screen) == output)
    #expect(pictures.fitted(output, to: screen.width(9)) == output)
    #expect(pictures.fitted(output, to: screen.width(8)) == "before\na┃b┃c\nafter\n")
    let words = "before\na, b and c\nafter\n"
    #expect(pictures.fitted(output, to: screen.width(4)) == words)
    #expect(pictures.fitted(output, to: Presentation(plain: true)) == words)
    #expect(
      pictures.fitted(output, to: Presentation(plain: false, unicode: false, width: 80)) == words)
  }

  @Test("A picture without words keeps its text where nothing is drawn")
  func withoutWords() {
    let pictures = read(#"{"version":1,"text":"a  b","narrower":[],"svg":""}"#)
    #expect(pictures.fitted("a  b\n", to: Presentation(plain: true)) == "a  b\n")
  }

  @Test("Only whole lines of the output are a picture, each as often as it was shown")
  func parts() throws {
    let pictures = read(Self.line + "\n" + Self.line + "\n")
    let picture = try #require(pictures.pictures.first)
    let output = "x \(Self.drawn)\n\(Self.drawn)\n\(Self.drawn)\n\(Self.drawn)"
    #expect(
      pictures.parts(of: output)
        == [.text("x \(Self.drawn)\n"), .picture(picture), .picture(picture), .text(Self.drawn)])
    #expect(pictures.parts(of: "something else\n") == [.text("something else\n")])
    #expect(pictures.parts(of: "") == [])
  }

  @Test(
    "What cannot be read is told in a clause, and nothing of it is used",
    arguments: [
      "nonsense", #"{"version":1,"text":"a ┃"#,
      #"{"version":2,"text":"a","narrower":[],"svg":""}"#,
      #"{"version":1,"text":"","narrower":[],"svg":""}"#,
      #"{"version":1,"text":7,"narrower":[],"svg":""}"#,
    ])
  func broken(rest: String) {
    let pictures = read(Self.line + "\n" + rest)
    #expect(pictures.problem == "its picture 2 cannot be read")
    #expect(pictures.pictures == [])
  }

  @Test("Too much, too many and too deep are told as well")
  func tooLarge() {
    let deep = read(String(repeating: "[", count: 1 << 20))
    #expect(deep.problem == "its picture 1 cannot be read")
    let many = read(String(repeating: Self.line + "\n", count: 65))
    #expect(many.problem == "it shows more than 64 pictures")
    #expect(many.pictures == [])
    let large = read(Self.line + "\n" + String(repeating: " ", count: 4 << 20))
    #expect(large.problem == "its pictures are more than 4 MiB")
    #expect(large.pictures == [])
  }

  @Test("Bytes that are no text are no picture")
  func noText() {
    #expect(ShownPictures(reading: [0xFF, 0x00, 0xFE]).problem == "its picture 1 cannot be read")
  }

  @Test("A long output that nearly has a picture is searched at once", .timeLimit(.minutes(1)))
  func nearly() {
    let text = String(repeating: "a", count: 100_000)
    let pictures = read(#"{"version":1,"text":"\#(text)b","narrower":[],"svg":""}"#)
    let output = String(repeating: "a", count: 1 << 20) + "\n"
    #expect(pictures.parts(of: output) == [.text(output)])
  }

  @Test("An example shows networks if it calls show itself")
  func showing() throws {
    func example(_ code: String, _ attributes: String = "") throws -> Example {
      let text = "# A\n\n## B\n\n```swift id=a\(attributes)\n\(code)\n```\n"
      return try #require(
        try Note.parse(Array(text.utf8), file: "notes/1-a.md").note.examples.first)
    }
    #expect(try example("show(net)").showsPictures)
    #expect(try !example("print(net)").showsPictures)
    #expect(try !example("reshow(net)").showsPictures)
    #expect(try !example("show(net)", " fails").showsPictures)
  }

  // MARK: From a process

  /// Runs a script with a side stream of so many bytes.
  func sh(_ script: String, seconds: Double = 10, bytes: Int = 1000) throws -> ChildProcess.Outcome
  {
    try ChildProcess.run(
      "sh", ["-c", script], limits: .init(time: .seconds(seconds)),
      side: .init(variable: "SIDE", bytes: bytes))
  }

  @Test("What a child writes to the side stream comes apart from its output")
  func side() throws {
    let outcome = try sh("echo out; echo side >&$SIDE; echo err >&2")
    #expect(outcome.output == Array("out\n".utf8))
    #expect(outcome.errorOutput == Array("err\n".utf8))
    #expect(outcome.side == Array("side\n".utf8))
    let none = try ChildProcess.run(
      "sh", ["-c", "echo \"[$SIDE]\"; true >&3"], limits: .init(time: .seconds(10)))
    #expect(none.output == Array("[]\n".utf8))
    #expect(none.ending != .exited(0))
  }

  @Test("Too much on the side stream is read and dropped, and the child ends well")
  func tooMuch() throws {
    let outcome = try sh("head -c 3000000 /dev/zero >&$SIDE; echo done")
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output == Array("done\n".utf8))
    #expect(outcome.side.count == 1001)
  }

  @Test("A child that never stops writing there is held to its time", .timeLimit(.minutes(1)))
  func endless() throws {
    let outcome = try sh("exec cat /dev/zero >&$SIDE", seconds: 0.3)
    #expect(outcome.ending == .timedOut)
    #expect(outcome.side.count == 1001)
  }

  @Test("An example of the course shows what stands in its output, and not what it continues")
  func course() throws {
    let examples = try NoteLibrary.compiled.course().notes.flatMap(\.examples)
    let showing = examples.filter(\.showsPictures)
    #expect(!showing.isEmpty)
    for example in showing {
      let run = try ExampleRun(example, executable: Program.lab)
      #expect(run.pictures.problem == nil, "\(example.id)")
      #expect(run.isAsPromised, "\(example.id)")
      let shown = run.pictures.parts(of: run.output).filter { $0.isPicture }
      #expect(shown.count == example.code.text.matches(of: #/\bshow\(/#).count, "\(example.id)")
      #expect(shown.count == run.pictures.pictures.count, "\(example.id)")
    }
  }

  @Test("The remarks on a run name a picture that cannot be used")
  func remark() throws {
    let example = try #require(NoteLibrary.compiled.course().notes.first?.examples.first)
    let run = ExampleRun(
      example, ending: .exited(0), output: example.output?.text ?? "", pictures: read("nonsense"))
    #expect(
      RunPage.lines(of: run, Presentation(plain: true, width: 200)).map(\.text) == [
        "failed \(example.id): its picture 1 cannot be read, so what it shows stands here as text"
      ])
  }
}

extension ShownPictures.Part {
  fileprivate var isPicture: Bool { if case .picture = self { true } else { false } }
}
