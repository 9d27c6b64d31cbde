import Glibc
import NoteFormat
public import ProgramSupport

/// Creates new notes and exercises from templates that fulfil the note format.
public struct Author: Sendable {
  private let workspace: Workspace

  /// Creates an author that writes to a workspace.
  public init(_ workspace: Workspace) {
    self.workspace = workspace
  }

  /// Writes a note that passes all checks once `notes sync` has written its output.
  ///
  /// - Parameter slug: the note's name in links: lower-case letters and digits, joined by hyphens.
  /// - Returns: the path of the file, `notes/NN-slug.md`, with the next free number.
  /// - Throws: `WorkbookError.usage` for a name that is not a slug or is in use; `notWritten` if the
  ///   file cannot be written.
  public func makeNote(_ slug: String, title: String) throws(WorkbookError) -> String {
    try check(slug, of: "note")
    let title = title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !title.isEmpty else { throw .usage("a note has a title: new note SLUG TITLE") }
    let files = names(in: workspace.notesFolder).filter { $0.hasSuffix(".md") }
    let parts = files.map { Slug.parts(ofFile: $0) }
    guard !parts.contains(where: { Slug.normalised($0.slug) == Slug.normalised(slug) }) else {
      throw .usage("a note is called '\(slug)' already")
    }
    let number = (parts.compactMap(\.number).max() ?? 0) + 1
    let path = "\(workspace.notesFolder)/\(number < 10 ? "0" : "")\(number)-\(slug).md"
    try writeNewFile(path, Array(Self.note(slug, title: title).utf8))
    return path
  }

  /// Writes an exercise whose solution passes, and whose skeleton and mistakes fail.
  ///
  /// - Parameter id: lower-case letters and digits, joined by hyphens.
  /// - Returns: the paths of the files.
  /// - Throws: `WorkbookError.usage` for a name that is not an id or is in use; `notWritten` if a
  ///   file cannot be written, and there is none of them then.
  public func makeExercise(_ id: String) throws(WorkbookError) -> [String] {
    try check(id, of: "exercise")
    let folder = "\(workspace.exercisesFolder)/\(id)"
    guard !isFolder(folder) else { throw .usage("an exercise is called '\(id)' already") }
    let folders = try makeFolder(folder + "/Mistakes")
    var paths: [String] = []
    do {
      for (name, text) in Self.exercise(id) {
        try writeNewFile("\(folder)/\(name)", Array(text.utf8))
        paths.append("\(folder)/\(name)")
      }
    } catch {
      // Half an exercise is none.
      for path in paths { unlink(path) }
      for folder in folders.reversed() { rmdir(folder) }
      throw error
    }
    return paths
  }

  private func check(_ name: String, of kind: String) throws(WorkbookError) {
    let words = name.split(separator: "-", omittingEmptySubsequences: false)
    let isName = words.allSatisfy { word in
      !word.isEmpty
        && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }
    guard isName, name.utf8.count <= 60, name.utf8.first.map({ $0 >= 0x61 }) == true else {
      throw .usage(
        "'\(name)' cannot name \(kind == "note" ? "a note" : "an exercise"); take small letters and digits with hyphens between, such as my-first-\(kind)"
      )
    }
  }

  // MARK: Notes

  private static func note(_ slug: String, title: String) -> String {
    """
    # \(title)

    ## The first step

    Say here what this step is about, in the reader's words, and show it. The example below
    is compiled and run with the program; `./workbook notes sync` writes down what it
    prints. With `predict` behind its id the learner says first what it prints, with
    `predict="How many?" answer=1` only that; CONTRIBUTING.md has all kinds.

    ```swift id=\(slug)-first
    let laptop: TransportAddress = "10.0.0.2:5000"
    print(laptop, laptop.address.classification)
    ```

    ### Question: Which of these is right?

    1. The first choice.
    2. The second choice.

    <details><summary>Answer: 2</summary>

    1. Why the first is wrong.
    2. Why the second is right.

    </details>

    ## The second step

    One step is one screen. Link to what helps: `[[nat-table]]`.

    """
  }

  // MARK: Exercises

  /// The Markdown section to paste into the note that the exercise belongs to.
  public static func section(for id: String) -> String {
    """
    ### Exercise: \(words(id))

    Say what is to be written, and what must hold. Start from
    [Exercise.swift](../Exercises/\(id)/Exercise.swift).

    <details><summary>Hint</summary>

    A nudge: what to think about.

    </details>

    <details><summary>Hint</summary>

    A pointer: where to look.

    </details>

    <details><summary>Hint</summary>

    Nearly the answer, but no line of it.

    </details>
    """
  }

  /// An id as words: `Pair priority` for `pair-priority`.
  private static func words(_ id: String) -> String {
    let words = id.replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// An id as a Swift name: `pairPriority` for `pair-priority`.
  private static func name(_ id: String) -> String {
    let words = id.split(separator: "-")
    return (words.first.map(String.init) ?? "")
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  private static func exercise(_ id: String) -> [(name: String, text: String)] {
    let suite = name(id).prefix(1).uppercased() + name(id).dropFirst() + "Checks"
    return [
      (
        "Exercise.swift",
        """
        import TransportAddress

        /// Says whether both addresses have the same port. (Say here what the learner is to write.)
        func answer(_ first: TransportAddress, _ second: TransportAddress) -> Bool? {
          // Your code here.
          return nil
        }

        """
      ),
      (
        "Checks.swift",
        """
        import Testing
        import TransportAddress

        @testable import Answer

        @Suite struct \(suite) {
          @Test("Equal ports are found equal")
          func equal() {
            #expect(
              answer("10.0.0.2:5000", "10.0.0.3:5000") == true,
              "Both have port 5000; what the addresses are does not matter")
          }

          @Test("Different ports are found different")
          func different() {
            #expect(
              answer("10.0.0.2:5000", "10.0.0.2:5001") == false,
              "The address is the same, but the ports are 5000 and 5001")
          }

          @Test("An address is compared with itself")
          func itself() {
            #expect(answer("[2001:db8::1]:3478", "[2001:db8::1]:3478") == true, "It is the same")
          }
        }

        """
      ),
      ("Solution.swift", solution("first.port == second.port")),
      (
        "Mistakes/address-only.swift",
        """
        // Fails: Equal ports are found equal
        // This compares the addresses. Two hosts can use the same port, too.

        """ + solution("first.address == second.address")
      ),
      (
        "Mistakes/either-one.swift",
        """
        // Fails: Different ports are found different
        // This says yes where the addresses are equal, too. Look at the ports alone.

        """ + solution("first.port == second.port || first.address == second.address")
      ),
    ]
  }

  private static func solution(_ expression: String) -> String {
    """
    import TransportAddress

    func answer(_ first: TransportAddress, _ second: TransportAddress) -> Bool? {
      \(expression)
    }

    """
  }
}
