import Lessons
import NoteFormat
struct TypedAnswer: Equatable { var t: String; init(_ t: String) { self.t = t.filter { !$0.isWhitespace }.lowercased() } }
enum NoteSearch {
  struct Match { var note, step, title, line: String }
  static func matches(of words: String, in course: Course) -> [Match] { [] }
}
