import Lessons
import NoteFormat
import Terminal

/// Links, and the way back.
extension Reader {
  /// The focused link; nil while an item has the focus.
  var focusedLink: PageLink? {
    guard let linkFocus else { return nil }
    let links = page.links
    return links.indices.contains(linkFocus) ? links[linkFocus] : nil
  }

  /// A thing that Tab reaches.
  private enum Stop: Equatable {
    case item(Int)
    case link(Int)
  }

  /// Moves the focus to the next thing to do or to follow, or to the one before.
  ///
  /// The first time on a page it goes to the first one on the screen that has not the focus already.
  mutating func moveFocus(by step: Int) {
    let page = page
    let stops =
      (page.items.enumerated().map { (Stop.item($0), $1.lines) }
      + page.links.enumerated().map { (Stop.link($0), $1.lines) })
      .sorted { $0.1.lowerBound < $1.1.lowerBound }
    guard !stops.isEmpty else {
      message = "There is nothing to do in this step but read."
      return
    }
    let current: Stop? =
      linkFocus.map { .link($0) } ?? (page.items.indices.contains(focus) ? .item(focus) : nil)
    let index = stops.firstIndex { $0.0 == current }
    let target: Int
    if !hasMovedFocus, step > 0 {
      target = stops.firstIndex { $0.0 != current && $0.1.upperBound > scroll } ?? index ?? 0
    } else if let index {
      target = (index + step + stops.count) % stops.count
    } else {
      target = step > 0 ? 0 : stops.count - 1
    }
    hasMovedFocus = true
    switch stops[target].0 {
    case .item(let item): (focus, linkFocus) = (item, nil)
    case .link(let link): linkFocus = link
    }
    reveal(stops[target].1)
  }

  /// Follows a link to a step; an address is shown to be copied.
  mutating func follow(_ link: PageLink) -> [Action] {
    if link.target.contains("://") {
      message = "\(link.target) (y copies it)"
      return []
    }
    let parts = link.target.split(
      separator: "#", maxSplits: 1, omittingEmptySubsequences: false
    ).map(String.init)
    let section = parts.dropFirst().first
    let wanted = WikiLink(
      target: parts[0], section: section, label: nil, position: SourcePosition(line: 1, column: 1))
    var whole = wanted
    whole.section = nil
    let here = place
    // A heading that is no more leads to its note all the same.
    guard
      let found = course.destination(of: wanted, in: note)
        ?? course.destination(of: whole, in: note),
      let index = course.notes.firstIndex(where: { $0.file == found.note.file })
    else {
      message = "No note is called '\(parts[0])'."
      return []
    }
    let left = leftForElsewhere()
    noteIndex = index
    stepIndex =
      found.step.flatMap { step in
        found.note.steps.firstIndex { $0.anchor == step.anchor }
      } ?? 0
    startOfPage()
    remember(here)
    let actions = left + arrived()
    if let line = section.flatMap({ page.line(of: $0) }) { scroll(by: line - scroll) }
    return actions
  }

  // MARK: The way back

  var place: Place {
    Place(note: noteIndex, step: stepIndex, scroll: scroll, focus: focus, linkFocus: linkFocus)
  }

  private static let longestHistory = 100

  mutating func remember(_ place: Place) {
    history.append(place)
    if history.count > Self.longestHistory { history.removeFirst() }
  }

  /// Goes back to where the last link, list, contents or search was used.
  mutating func back() -> [Action] {
    guard let place = history.popLast() else {
      message = "There is no place to go back to; p goes to the step before."
      return []
    }
    (noteIndex, stepIndex) = (place.note, place.step)
    startOfPage()
    (scroll, focus, linkFocus) = (place.scroll, place.focus, place.linkFocus)
    clampScroll()
    return arrived()
  }

  // MARK: What was searched for

  /// Marks the words of a search and scrolls to the line that was chosen.
  mutating func show(_ words: String, line: String) {
    searched = words
    let lines = page.lines
    let isHit = { (text: StyledText) in !NoteSearch.marks(of: words, in: text.text).isEmpty }
    // The page is wrapped to another width than what was searched, so a line begins alike at best.
    let start = line.prefix(20)
    guard
      let index = lines.firstIndex(where: { isHit($0) && $0.text.contains(start) })
        ?? lines.firstIndex(where: isHit)
    else {
      message = "It is in what opens once you have done something in this step."
      return
    }
    scroll = 0
    reveal(max(0, index - 3)..<min(lines.count, index + 4))
    if let item = page.items.firstIndex(where: { $0.lines.contains(index) }) { focus = item }
  }

  // MARK: Copying

  /// Copies the code of the focused example, or the first one, or the address of the focused link.
  mutating func copy() -> [Action] {
    if let link = focusedLink, link.target.contains("://") {
      message = "Copied: \(link.target)"
      return [.copy(link.target)]
    }
    let ids = page.items.compactMap { if case .example(let id) = $0.item { id } else { nil } }
    let id = focusedExample?.id ?? ids.first
    guard let example = note.examples.first(where: { $0.id == id }) else {
      message = "There is no code in this step to copy."
      return []
    }
    message = "Copied the code of \(example.id), if your terminal allows it."
    return [.copy(example.code.text)]
  }
}
