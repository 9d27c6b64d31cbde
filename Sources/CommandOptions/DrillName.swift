import ArgumentParser
import NoteFormat

/// The names of the drills, for a program that has none of their calls.
public enum DrillName {
  /// All of them, in order; a test holds them against the drills themselves.
  public static let all = [
    "campus", "monday", "airport", "tablet", "demo", "neighbors", "grandmother", "commute",
    "elevator", "picture", "cafes", "new-relay",
  ]

  /// Refuses a name that is none of these, with a suggestion.
  static func require(_ id: String) throws(ValidationError) {
    if all.contains(id) { return }
    let hint = Suggestion.phrase(for: id, among: all)
    throw ValidationError(
      "no drill is called '\(id)'" + (hint.isEmpty ? "; 'workbook drill' lists them" : hint))
  }
}
