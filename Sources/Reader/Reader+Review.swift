public import Lessons
import NoteFormat
import Terminal

/// A review in the reader: some questions and predictions, each alone on the screen.
struct ReviewSession: Sendable {
  var items: [Review.Item]
  var index = 0
  /// The items that were answered rightly, at whatever try.
  var right: Set<Int> = []

  var item: Review.Item { items[index] }
}

extension Reader {
  /// Begins a review of items of this course, at least one.
  public mutating func begin(_ items: [Review.Item]) {
    guard !items.isEmpty else { return }
    review = ReviewSession(items: items)
    state.holdsBack = false
    // What was said before is asked again.
    state.settled = []
    for item in items {
      switch item.pageItem {
      case .question(let name): state.answers[name] = nil
      case .example(let id): forgetPrediction(of: id, inNote: item.note)
      case .exercise: break
      }
    }
    showReviewed()
  }

  /// The number of items of the review that were answered rightly, at whatever try.
  public var rightInReview: Int { review?.right.count ?? 0 }

  private mutating func showReviewed() {
    guard let item = review?.item else { return }
    go(to: item.note, step: "\(item.step + 1)")
  }

  /// Goes to another item; past the last one the review ends.
  mutating func moveReview(by count: Int) -> [Action] {
    guard let current = review else { return [] }
    let index = current.index + count
    guard index < current.items.count else { return [.quit] }
    guard index >= 0 else {
      message = "This is the first question of the review."
      return []
    }
    review?.index = index
    showReviewed()
    return []
  }

  /// A question or prediction has been answered, which counts if there is a review.
  mutating func reviewed(isRight: Bool) {
    guard isRight, let index = review?.index else { return }
    review?.right.insert(index)
  }

  /// Whether a key leads away from the review.
  func isOutsideReview(_ key: TerminalKey) -> Bool {
    guard review != nil else { return false }
    switch key {
    case .character("l"), .character("o"), .character("/"), .character("d"), .backspace:
      return true
    default: return false
    }
  }

  /// The page of a review: one item, below its place and the code that an example continues.
  func cropped(_ page: PageLayout, to review: ReviewSession) -> PageLayout {
    let item = review.item
    var heading = [
      StyledText("From \(note.title), step \(item.step + 1)", .muted).truncated(to: textWidth), "",
    ]
    if case .example(let id) = item.pageItem,
      let example = note.examples.first(where: { $0.id == id })
    {
      let chain = ExampleFunctions(of: note).chain(endingWith: example).dropLast()
      for earlier in chain {
        heading.append(StyledText("Example \(earlier.id)", .muted))
        heading.append("")
        for line in SwiftLexer.highlight(earlier.code.text) {
          heading += line.wrapped(to: textWidth, first: "    ", continuation: "        ")
        }
      }
    }
    return page.cropped(to: item.pageItem, under: heading)
  }
}
