import Lessons
import NoteFormat
import Terminal

@testable import Reader

/// A course of two small notes, with one of everything that a learner can do.
func sampleCourse() throws -> Course {
  let first = """
    # First

    ## One

    Words.

    ```swift id=plain
    print(1)
    ```

    ```output
    1
    ```

    ## Two

    ```swift id=guess predict
    print("a")
    print("b")
    ```

    ```output
    a
    b
    ```

    The secret.

    ## Three

    ### Question: Which?

    1. a
    2. b

    <details><summary>Answer: 2</summary>

    1. Because not.
    2. Because so.

    </details>

    ### Question: Where?

    <details><summary>Answer: 203.0.113.7:40000</summary>

    There.

    </details>

    """
  let second = """
    # Second

    ## Four

    \(exercise("Write", "write"))
    """
  return Course([
    try Note.parse(Array(first.utf8), file: "notes/1-first.md").note,
    try Note.parse(Array(second.utf8), file: "notes/2-second.md").note,
  ])
}

func sampleReader(
  rows: Int = 24, columns: Int = 80, progress: Progress = Progress()
) throws -> Reader {
  Reader(
    try sampleCourse(), progress: progress,
    presentation: Presentation(plain: false, unicode: true, width: columns), rows: rows)
}

extension Reader {
  /// What is on the screen, as text.
  var screen: String { frame.lines.map(\.text).joined(separator: "\n") }

  @discardableResult
  mutating func type(_ text: String) -> [Action] {
    text.flatMap { pressed($0 == "\n" ? .enter : .character($0)) }
  }
}

/// An exercise with three hints, as a note has it.
func exercise(_ title: String, _ id: String) -> String {
  """
  ### Exercise: \(title)

  In [Exercise.swift](../Exercises/\(id)/Exercise.swift).

  <details><summary>Hint</summary>

  A nudge.

  </details>

  <details><summary>Hint</summary>

  A pointer.

  </details>

  <details><summary>Hint</summary>

  Nearly there.

  </details>

  """
}
