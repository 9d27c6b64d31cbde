import CommandOptions
import Lessons
import NoteFormat

/// The progress in the course, as printed by `progress --json`.
struct ProgressReport: Encodable {
  /// The step visited last as `note#step`; nil if it is in no note of the course.
  var place: String?
  var notes: [NoteProgress]
  /// The drills whose cause was found and whose call was mended.
  var drills: Count
  /// The number of lines in the file that this program does not understand.
  var skippedLines: Int

  struct Count: Encodable {
    var done: Int
    var total: Int
  }

  struct NoteProgress: Encodable {
    /// The note's name.
    var note: String
    var title: String
    var steps: Count
    /// The steps whose text has changed since they were read; they still count as read.
    var changedSteps: [String]
    var examples: Count
    /// The questions whose last answer is right.
    var questions: Count
    var exercises: [ExerciseState]
  }

  struct ExerciseState: Encodable {
    var exercise: String
    var started: Bool
    var passed: Bool
    var hintsTaken: Int
    var sawSolution: Bool

    var words: String {
      var words = [passed ? "passed" : started ? "started" : "not started"]
      if hintsTaken > 0 { words.append(hintsTaken == 1 ? "1 hint" : "\(hintsTaken) hints") }
      if sawSolution { words.append("solution seen") }
      return words.joined(separator: ", ")
    }
  }

  init(_ progress: Progress, of course: Course) {
    notes = course.notes.map { NoteProgress($0, progress) }
    drills = Count(
      done: DrillName.all.count { progress.hasSolved(drill: $0) }, total: DrillName.all.count)
    skippedLines = progress.skippedLines
    if let last = progress.lastStep, course.note(named: last.note)?.step(named: last.step) != nil {
      place = "\(last.note)#\(last.step)"
    }
  }
}

extension ProgressReport.NoteProgress {
  init(_ note: Note, _ progress: Progress) {
    self.note = note.slug
    title = note.title
    let read = note.steps.filter { progress.hasRead(note: note.slug, step: $0.anchor) }
    steps = .init(done: read.count, total: note.steps.count)
    changedSteps = read.filter {
      !progress.wasReadAs($0.digest, note: note.slug, step: $0.anchor)
    }.map(\.anchor)
    let examples = note.examples
    self.examples = .init(
      done: examples.count { progress.hasRun($0.id) }, total: examples.count)
    let questions = note.steps.indices.flatMap { note.questions(inStep: $0).map(\.name) }
    self.questions = .init(
      done: questions.count { progress.answer(to: $0.description)?.right == true },
      total: questions.count)
    exercises = note.exercises.map { exercise in
      ProgressReport.ExerciseState(
        exercise: exercise.id, started: progress.isStarted(exercise.id),
        passed: progress.isPassed(exercise.id), hintsTaken: progress.hintsTaken(exercise.id),
        sawSolution: progress.hasSeenSolution(exercise.id))
    }
  }
}
