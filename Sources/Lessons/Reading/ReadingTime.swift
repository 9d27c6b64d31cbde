public import NoteFormat

/// An estimate of how long notes take.
public enum ReadingTime {
  private static let wordsPerMinute = 180
  /// Running, predicting or answering something, and thinking about it.
  private static let minutesPerDeed = 1
  private static let minutesPerExercise = 10

  /// The minutes for reading a note and doing everything in it, rounded to five.
  ///
  /// - Complexity: O(*n*) in the length of the note.
  public static func minutes(of note: Note) -> Int {
    let deeds =
      note.examples.count + note.steps.indices.reduce(0) { $0 + note.questions(inStep: $1).count }
    let minutes =
      note.steps.reduce(0) { $0 + words(in: $1.source) } / wordsPerMinute + deeds * minutesPerDeed
      + note.exercises.count * minutesPerExercise
    return max(5, (minutes + 2) / 5 * 5)
  }

  /// A number of minutes in words: `about 20 minutes`, `about 5 hours`.
  public static func phrase(minutes: Int) -> String {
    guard minutes >= 100 else { return "about \(minutes) minutes" }
    return "about \((minutes + 30) / 60) hours"
  }

  /// The number of words outside fences.
  private static func words(in markdown: String) -> Int {
    var count = 0
    var isInFence = false
    for line in markdown.split(separator: "\n") {
      if line.drop(while: { $0 == " " }).hasPrefix("```") {
        isInFence.toggle()
      } else if !isInFence {
        count += line.split(separator: " ").count
      }
    }
    return count
  }
}
