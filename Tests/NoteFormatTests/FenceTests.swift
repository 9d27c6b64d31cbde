import NoteFormat
import Testing

@Suite struct FenceTests {
  @Test("A Swift fence with an id is an example, and the output behind it is its own")
  func example() throws {
    let (note, problems) = try step(
      "```swift id=nat-outbound predict timeout=10\nprint(1)\n```\n\n```output\n1\n```\n")
    let example = try #require(note.examples.first)
    #expect(problems.isEmpty)
    #expect(example.id == "nat-outbound")
    #expect(example.mode == .runs)
    #expect(example.asksForPrediction)
    #expect(example.timeLimit == 10)
    #expect(example.code.text == "print(1)\n")
    #expect(example.code.firstLine == 6)
    #expect(example.output?.text == "1\n")
    #expect(example.output?.range.lines == 9...11)
  }

  @Test("A fence inside a list keeps its indentation, so that the compiler's columns fit")
  func indentation() throws {
    let (note, problems) = try step("- item\n\n  ```swift id=a\n  print(1)\n  ```\n")
    #expect(problems.isEmpty)
    #expect(note.examples[0].code.indentation == 2)
    #expect(note.examples[0].code.text == "print(1)\n")
    let source = ExampleFunctions(of: note).source(of: note.examples[0], named: "f")
    #expect(source.contains("line: 8)\n  print(1)\n#sourceLocation()"))
  }

  @Test("Continuing an example puts all that it continues before it, muted")
  func chain() throws {
    let (note, problems) = try step(
      "```swift id=a\nlet x = 1\n```\n```swift id=b after=a\nlet y = x\n```\n```swift id=c after=b\nprint(y)\n```\n"
    )
    #expect(problems.isEmpty)
    let source = ExampleFunctions(of: note).source(of: note.examples[2], named: "f")
    let order = ["mute(true)", "let x = 1", "let y = x", "mute(false)", "print(y)"].map {
      source.firstRange(of: $0)!.lowerBound
    }
    #expect(order == order.sorted())
  }

  @Test("A quotation names a file and a region of it")
  func quotation() throws {
    let (note, problems) = try step("```swift source=Sources/ICE/Pair.swift#priority\nlet x\n```\n")
    #expect(problems.isEmpty)
    #expect(note.quotations[0].path == "Sources/ICE/Pair.swift")
    #expect(note.quotations[0].region == "priority")
    #expect(note.examples.isEmpty)
  }

  @Test("A shown fence and a fence of another language are plain code")
  func plainCode() throws {
    let (note, problems) = try step("```swift shown\nx\n```\n\n```text\ny\n```\n\n    z\n")
    #expect(problems.isEmpty)
    let codes = note.blocks.compactMap {
      if case .code(let code) = $0.content { code } else { nil }
    }
    #expect(codes.map(\.language) == ["swift", "text", ""])
  }

  @Test("A STUN fence gives its bytes")
  func stun() throws {
    let (note, problems) = try step("```stun\n0001 0000\n21 12 a4 42\n```\n")
    #expect(problems.isEmpty)
    guard case .stunMessage(let fence) = note.blocks[0].content else {
      Issue.record("no STUN fence")
      return
    }
    #expect(fence.bytes == [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42])
  }

  @Test(
    "What breaks a fence is told with its place and what to do",
    arguments: [
      ("```swift id=x prdict\n```\n", "5:15: unknown attribute 'prdict'; did you mean 'predict'?"),
      (
        "```swift id=x colour\n```\n",
        "5:15: unknown attribute 'colour'; known are id, predict, answer, choices, blanks, because, tolerance, after, fails, source, shown, timeout"
      ),
      ("```swift id=x id=y\n```\n", "5:15: 'id' stands here twice; remove one"),
      ("```swift id=\n```\n", "5:10: 'id' needs a value: id=…"),
      ("```swift id=x fails=yes\n```\n", "5:15: 'fails' takes no value; write 'fails' alone"),
      (
        "```swift id=X_1\n```\n",
        "5:13: id 'X_1' may hold only lower-case letters, digits and hyphens"
      ),
      (
        "```swift\n```\n",
        "5:4: a Swift fence needs an id: ```swift id=…, or 'shown' where it is not to be compiled"
      ),
      (
        "```swift id=x\n```\n```swift id=x\n```\n", "7:13: id 'x' is taken by the example at line 5"
      ),
      (
        "```swift id=x timeout=0\n```\n",
        "5:23: a timeout is a whole number of seconds from 1 to 60"
      ),
      (
        "```swift id=x timeout=99999999999999999999\n```\n",
        "5:23: a timeout is a whole number of seconds from 1 to 60"
      ),
      (
        "```swift shown id=x\n```\n", "5:16: 'id' has no meaning beside 'shown'; remove one of them"
      ),
      (
        "```swift source=a#b predict\n```\n",
        "5:21: 'predict' has no meaning beside 'source'; remove one of them"
      ),
      (
        "```swift id=x fails predict\n```\n",
        "5:21: 'predict' has no meaning beside 'fails'; remove one of them"
      ),
      (
        "```swift source=a\n```\n",
        "5:17: a source is PATH#REGION, such as Sources/ICE/Pair.swift#priority"
      ),
      (
        "```output\n1\n```\n",
        "5:1: an output with no example before it; put it behind a fence ```swift id=…"
      ),
      (
        "```swift id=x\n```\n```output\n```\n```output\n```\n",
        "9:1: example 'x' has an output already; one of them must go"
      ),
      (
        "```swift id=x\n```\n```output all\n```\n",
        "7:11: a fence 'output' takes no attributes; remove 'all'"
      ),
      ("```swift id=b after=a\n```\n", "5:21: no example 'a' stands before this one"),
      (
        "```swift id=table\n```\n```swift id=b after=tabel\n```\n",
        "7:21: no example 'tabel' stands before this one; did you mean 'table'?"
      ),
      (
        "```swift id=a fails\n```\n```swift id=b after=a\n```\n",
        "7:21: example 'a' does not compile, so none can continue it"
      ),
      ("```ouput\n```\n", "5:4: unknown fence 'ouput'; did you mean 'output'?"),
      (
        "```stun\n0g\n```\n",
        "6:2: 'g' is no hex digit; a fence 'stun' holds hex digits and blanks alone"
      ),
      ("```stun\n001\n```\n", "5:1: a fence 'stun' holds whole bytes; here are 3 hex digits"),
      (
        "```swift id=x\nimport Foundation\n```\n",
        "6:1: an example is the body of a function and holds no import; every library is imported already"
      ),
      (
        "```swift id=x\n  public extension Int {}\n```\n",
        "6:3: an example is the body of a function and holds no extension; write a function, or put the extension into the library"
      ),
    ])
  func problems(text: String, problem: String) throws {
    #expect(try step(text).1 == [problem])
  }

  @Test("The word import inside a string or a comment is no import")
  func importInText() throws {
    let (_, problems) = try step(
      "```swift id=x\nlet s = \"\"\"\nimport this\n\"\"\"\n// import that\n```\n")
    #expect(problems.isEmpty)
  }
}
