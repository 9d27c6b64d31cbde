public import NoteFormat

/// The questions and predictions of a course that are due to be asked again.
public struct Review: Sendable {
  /// A question or prediction that was answered before.
  public struct Item: Hashable, Sendable {
    /// Its name.
    public var name: ReviewName
    /// The item of the page that asks it.
    public var pageItem: PageItem
    /// The slug of its note.
    public var note: String
    /// The index of its step in the note.
    public var step: Int
    /// When it is due, in Unix seconds.
    public var due: Double
    /// Whether it was answered wrongly the last time.
    public var isMissed: Bool
  }

  /// The number of items of one review.
  public static let length = 5

  /// The items to ask now: those that were missed first, then those that are due the longest.
  public private(set) var items: [Item] = []
  /// The time at which the next one is due that is not due now, in Unix seconds; nil if there is none.
  public private(set) var next: Double?
  /// The number of all items that are due now.
  public private(set) var dueCount = 0

  /// Chooses what to review at a time, in Unix seconds.
  ///
  /// - Complexity: O(*n* log *n*) in the number of questions and examples of the course.
  public init(of course: Course, _ progress: Progress, at now: Double) {
    var known: [Item] = []
    for note in course.notes {
      for step in note.steps.indices {
        for (name, pageItem) in Self.names(in: note, step: step) {
          guard let schedule = progress.review(of: name), let due = schedule.due else { continue }
          known.append(
            Item(
              name: name, pageItem: pageItem, note: note.slug, step: step, due: due,
              isMissed: schedule.isMissed))
        }
      }
    }
    // Ties are broken by the place in the course, which sorting by index keeps.
    let due = known.enumerated().filter { $0.element.due <= now }.sorted {
      ($0.element.isMissed ? 0 : 1, $0.element.due, $0.offset)
        < ($1.element.isMissed ? 0 : 1, $1.element.due, $1.offset)
    }
    items = due.prefix(Self.length).map(\.element)
    dueCount = due.count
    next = known.map(\.due).filter { $0 > now }.min()
  }

  /// What a step asks: its questions, and its predictions apart from those of a whole output.
  private static func names(in note: Note, step: Int) -> [(ReviewName, PageItem)] {
    let questions: [(ReviewName, PageItem)] = note.questions(inStep: step).map {
      (.question($0.name.description), .question($0.name))
    }
    let predicted = note.steps[step].blocks.examples.filter {
      $0.prediction?.isOfWholeOutput == false
    }
    return questions + predicted.map { (.prediction($0.id), .example($0.id)) }
  }
}
