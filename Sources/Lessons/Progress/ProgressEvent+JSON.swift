import FoundationEssentials

/// The file format: `{"v":1,"time":1700000000.25,"event":"place","note":"nat-table","step":"a-wall"}`.
///
/// `v` is the version of the format and `time` is in Unix seconds; the fields of the event follow. New
/// kinds of event do not change the version, because older programs skip them.
extension ProgressEvent {
  static let version = 1

  /// The event as one line of JSON, including the line feed.
  func line(time: Double) -> String {
    var line = "{\"v\":\(Self.version),\"time\":\(Self.seconds(time)),\"event\":\"\(name)\""
    for (key, value) in fields { line += ",\"\(key)\":\(value.json)" }
    return line + "}\n"
  }

  /// The time rounded to milliseconds.
  private static func seconds(_ time: Double) -> Double {
    time.isFinite ? (time * 1000).rounded() / 1000 : 0
  }

  /// Parses a line; nil if it is not an event known to this program.
  static func read(_ line: some Collection<UInt8>) -> (event: ProgressEvent, time: Double)? {
    guard let record = try? JSONDecoder().decode(Record.self, from: Data(line)),
      record.v <= version, let event = record.progressEvent
    else { return nil }
    return (event, record.time)
  }

  /// Whether a line is an event of this version or a later one, of any kind.
  static func isEvent(_ line: some Collection<UInt8>) -> Bool {
    (try? JSONDecoder().decode(Opening.self, from: Data(line))) != nil
  }

  /// The value of `event`, which is the name of the case.
  private var name: String {
    switch self {
    case .stepRead: "stepRead"
    case .place: "place"
    case .exampleRun: "exampleRun"
    case .predicted: "predicted"
    case .answered: "answered"
    case .started: "started"
    case .checked: "checked"
    case .hint: "hint"
    case .solutionAsked: "solutionAsked"
    case .solutionSeen: "solutionSeen"
    case .causeChosen: "causeChosen"
    case .fixChosen: "fixChosen"
    case .reset: "reset"
    }
  }

  private var fields: [(String, JSONScalar)] {
    switch self {
    case .stepRead(let note, let step, let digest):
      [("note", .text(note)), ("step", .text(step)), ("digest", .text(digest))]
    case .place(let note, let step): [("note", .text(note)), ("step", .text(step))]
    case .exampleRun(let id, let matched): [("id", .text(id)), ("matched", .truth(matched))]
    case .predicted(let id, let prediction, let right):
      [("id", .text(id)), ("prediction", .text(prediction)), ("right", .truth(right))]
    case .answered(let question, let answer, let right):
      [("question", .text(question)), ("answer", .text(answer)), ("right", .truth(right))]
    case .checked(let exercise, let outcome, let seconds):
      [
        ("exercise", .text(exercise)), ("outcome", .text(outcome)), ("seconds", .number(seconds)),
      ]
    case .hint(let exercise, let number):
      [("exercise", .text(exercise)), ("number", .number(Double(number)))]
    case .started(let exercise), .solutionAsked(let exercise), .solutionSeen(let exercise):
      [("exercise", .text(exercise))]
    case .causeChosen(let drill, let number, let right),
      .fixChosen(let drill, let number, let right):
      [("drill", .text(drill)), ("number", .number(Double(number))), ("right", .truth(right))]
    case .reset(let exercise): exercise.map { [("exercise", .text($0))] } ?? []
    }
  }
}

/// A scalar JSON value (RFC 8259 §3).
private enum JSONScalar {
  case text(String)
  case truth(Bool)
  case number(Double)

  var json: String {
    switch self {
    case .truth(let value): value ? "true" : "false"
    // JSON cannot represent infinities and NaN.
    case .number(let value):
      value == value.rounded() && abs(value) < 1e15
        ? "\(Int64(value))" : value.isFinite ? "\(value)" : "0"
    case .text(let text):
      text.unicodeScalars.reduce(into: "\"") { $0 += Self.escaped($1) } + "\""
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case _ where scalar.value < 0x20:
      let hex = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: return String(scalar)
    }
  }
}

/// The fields that every event of every version has.
private struct Opening: Decodable {
  var v: Int
  var time: Double
  var event: String
}

/// The fields of all kinds of event.
private struct Record: Decodable {
  var v: Int
  var time: Double
  var event: String
  var note: String?
  var step: String?
  var digest: String?
  var id: String?
  var matched: Bool?
  var prediction: String?
  var question: String?
  var answer: String?
  var right: Bool?
  var exercise: String?
  var drill: String?
  var outcome: String?
  var seconds: Double?
  var number: Int?

  var progressEvent: ProgressEvent? {
    switch event {
    case "stepRead":
      guard let note, let step, let digest else { return nil }
      return .stepRead(note: note, step: step, digest: digest)
    case "place":
      guard let note, let step else { return nil }
      return .place(note: note, step: step)
    case "exampleRun":
      guard let id, let matched else { return nil }
      return .exampleRun(id: id, matched: matched)
    case "predicted":
      guard let id, let prediction, let right else { return nil }
      return .predicted(id: id, prediction: prediction, right: right)
    case "answered":
      guard let question, let answer, let right else { return nil }
      return .answered(question: question, answer: answer, right: right)
    case "causeChosen":
      guard let drill, let number, let right else { return nil }
      return .causeChosen(drill: drill, number: number, right: right)
    case "fixChosen":
      guard let drill, let number, let right else { return nil }
      return .fixChosen(drill: drill, number: number, right: right)
    case "reset": return .reset(exercise: exercise)
    default: return exerciseEvent
    }
  }

  private var exerciseEvent: ProgressEvent? {
    guard let exercise else { return nil }
    switch event {
    case "started": return .started(exercise: exercise)
    case "checked":
      guard let outcome, let seconds else { return nil }
      return .checked(exercise: exercise, outcome: outcome, seconds: seconds)
    case "hint": return number.map { .hint(exercise: exercise, number: $0) }
    case "solutionAsked": return .solutionAsked(exercise: exercise)
    case "solutionSeen": return .solutionSeen(exercise: exercise)
    default: return nil
    }
  }
}
