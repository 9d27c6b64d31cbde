import Lessons
import NoteFormat
import ProgramSupport
import Testing

/// Ways to write one answer.
struct SameAnswer: CustomTestStringConvertible, Sendable {
  var key: String
  var forms: [String]
  var testDescription: String { key }

  static let all = [
    SameAnswer(
      key: "203.0.113.7:40000",
      forms: [
        "203.0.113.7:40000", " 203.0.113.7:40000 ", "203.0.113.7 : 40000", "203.0.113.7: 40000",
        "203.0.113.7 40000", "203.0.113.7 port 40000", "203.0.113.7 Port 40000",
        "`203.0.113.7:40000`",
        "203.0.113.7:40000.", "\"203.0.113.7:40000\"", "203.0.113.7\t40000\n",
      ]),
    SameAnswer(
      key: "[2001:db8::1]:3478",
      forms: [
        "[2001:DB8::1]:3478", "[2001:db8:0:0::1]:3478", "2001:db8::1 port 3478",
        "[2001:0db8:0000:0000:0000:0000:0000:0001]:3478", "[2001:db8::1] 3478",
      ]),
    SameAnswer(key: "2001:db8::1", forms: ["[2001:DB8::1]", "2001:db8:0:0:0:0:0:1"]),
    SameAnswer(key: "198.51.100.1", forms: ["198.51.100.1.", " 198.51.100.1"]),
    SameAnswer(key: "76", forms: ["76", "0x4C", "0x4c", "4C", "4c", "0x004c", "76."]),
    SameAnswer(key: "550", forms: ["550", "0x226", "5_50"]),
    SameAnswer(key: "0", forms: ["0", "0x0", "00"]),
    SameAnswer(
      key: "0x2112A442",
      forms: [
        "2112a442", "0x2112a442", "554869826", "21 12 A4 42", "0x21 0x12 0xA4 0x42",
        "21:12:a4:42", "21, 12, a4, 42", "0x2112_A442",
      ]),
    SameAnswer(key: "0x0101", forms: ["0101", "01 01", "257"]),
    SameAnswer(key: "UDP", forms: ["udp", " Udp ", "\"UDP\"", "“UDP”", "udp."]),
    SameAnswer(
      key: "the port is kept", forms: ["The  port is\nkept.", "the port is kept"]),
  ]
}

@Suite struct TypedAnswerTests {
  @Test("However an answer is written, it is the same answer", arguments: SameAnswer.all)
  func same(answer: SameAnswer) {
    for form in answer.forms {
      #expect(TypedAnswer(form) == TypedAnswer(answer.key), "\(form)")
    }
  }

  @Test(
    "A port alone, an address with its port, or a number without its unit, is the answer too",
    arguments: [
      ("5004", "203.0.113.7:5004"), (":5004", "203.0.113.7:5004"), ("port 5004", "[::1]:5004"),
      ("550 s", "550"), ("550", "550 s"), ("550s", "550 seconds"), ("20 bytes", "20"),
      ("3 packets", "3"), ("198.51.100.1:5000", "198.51.100.1"),
    ])
  func lenient(answer: String, key: String) {
    #expect(TypedAnswer(answer).answers(TypedAnswer(key)))
  }

  @Test(
    "Another port, number, unit or address is not",
    arguments: [
      ("5005", "203.0.113.7:5004"), ("550 ms", "550 s"), ("551 s", "550"), ("s", "550"),
      ("203.0.113.7", "203.0.113.7:5004"), ("203.0.113.8:5004", "203.0.113.7:5004"),
      ("203.0.113.7:5004", "5004"), ("550 s or so", "550"), ("4c s", "76"),
      ("198.51.100.2:5000", "198.51.100.1"),
    ])
  func strict(answer: String, key: String) {
    #expect(!TypedAnswer(answer).answers(TypedAnswer(key)))
  }

  @Test("No two different answers are taken for each other")
  func different() {
    for (index, first) in SameAnswer.all.enumerated() {
      for second in SameAnswer.all[(index + 1)...] {
        for form in second.forms + [second.key] {
          #expect(TypedAnswer(first.key) != TypedAnswer(form), "\(first.key) and \(form)")
        }
      }
    }
  }

  @Test(
    "Near is not right",
    arguments: [
      ("203.0.113.7:40000", "203.0.113.7:40001"), ("203.0.113.7:40000", "203.0.113.7"),
      ("203.0.113.7:40000", "203.0.113.8:40000"), ("76", "0x76"), ("76", "760"), ("76", ""),
      ("550", "550 ms"), ("0x2112A442", "2112a44"), ("UDP", "TCP"), ("bad", "0xbad"),
      ("12", "1 2"), ("39.5", "395"),
    ])
  func near(key: String, answer: String) {
    #expect(TypedAnswer(key) != TypedAnswer(answer))
  }

  @Test(
    "Whatever is typed is taken in, however long or odd",
    arguments: [
      "", " ", "\u{0}", "0x", ":", "::", "[", "[]", "[]:", "0x_", "_", "\u{301}", "½", "٣",
      String(repeating: "9", count: 10_000), String(repeating: "f", count: 10_000),
      String(repeating: ":", count: 10_000), String(repeating: "0 ", count: 10_000),
      "999.999.999.999:99999", "1.2.3.4:999999999999999999999",
    ])
  func hostile(text: String) {
    #expect(TypedAnswer(text) == TypedAnswer(text))
    #expect(TypedAnswer(text) != TypedAnswer("203.0.113.7:40000"))
  }

  @Test("Every typed key of the course is met by itself and by no other key")
  func course() throws {
    for note in try NoteLibrary.compiled.course().notes {
      for question in note.questions {
        guard case .typed(let key, _) = question.answer else { continue }
        #expect(try question.isAnswered(by: key, in: note))
        #expect(try question.isAnswered(by: " \(key.uppercased()) ", in: note))
        #expect(try !question.isAnswered(by: key + "0", in: note))
      }
    }
  }
}

@Suite struct QuestionAnsweringTests {
  let note: Note

  init() throws {
    let text = """
      # T

      ## One

      ### Question: Which?

      1. A
      2. B

      <details><summary>Answer: 2</summary>

      1. No.
      2. Yes.

      </details>

      ```swift id=prints
      print("a  b")
      ```

      ```output
      a  b
      ```

      ### Question: What does it print?

      <details><summary>Answer: run prints</summary>

      So it does.

      </details>
      """
    note = try Note.parse(Array(text.utf8), file: "notes/01-t.md").note
  }

  @Test("Questions are named by their place in the step")
  func names() {
    #expect(note.questions(inStep: 0).map(\.name.description) == ["t#one/1", "t#one/2"])
  }

  @Test("A choice is a number, with or without what is written behind numbers")
  func choice() throws {
    let question = note.questions(inStep: 0)[0].question
    for answer in ["2", " 2 ", "2.", "2)"] {
      #expect(try question.isAnswered(by: answer, in: note))
    }
    #expect(try !question.isAnswered(by: "1", in: note))
  }

  @Test("What is no choice is told, and is no wrong answer", arguments: ["0", "3", "B", "", "-1"])
  func noChoice(answer: String) {
    let question = note.questions(inStep: 0)[0].question
    #expect(throws: WorkbookError.self) { try question.isAnswered(by: answer, in: note) }
  }

  @Test("An example's output can be the key")
  func output() throws {
    let question = note.questions(inStep: 0)[1].question
    #expect(try question.isAnswered(by: "a b", in: note))
    #expect(try !question.isAnswered(by: "a", in: note))
  }
}
