public import Simulator
public import Terminal

/// Steps through a trace as a state machine: keys are its input, frames its output.
///
/// It shows one moment at a time: the ladder up to it, the packet's bytes as they were, and the NATs'
/// tables. It uses no terminal; a driver passes the keys and draws the frames.
public struct PacketStepper: Sendable {
  let timeline: Timeline
  /// The place of the shown event among the trace's.
  public internal(set) var index = 0
  var presentation: Presentation
  var rows: Int

  /// The pane that scrolls, and that has most of the screen.
  var focus = Pane.ladder
  /// Whether the focused pane has the screen to itself.
  var isZoomed = false
  /// How many lines of a pane are above the screen; of the others, as many as it takes to see the
  /// moment.
  var tops: [Pane: Int] = [:]
  var panel = Panel.moment
  /// The moment whose packet is marked, to be compared with another.
  var marked: Int?
  var searched = ""
  /// The line at the bottom of the screen, shown until the next key; nil for none.
  var message: StyledText?

  /// What covers the panes, or the line at the bottom.
  enum Panel: Hashable, Sendable {
    case moment
    /// The lines of help above the screen.
    case help(Int)
    /// Two packets, and the lines above the screen; nil to begin with the first difference.
    case comparison(Comparison, Int?)
    /// The words of a search that are being typed.
    case search(String)
  }

  /// An action for the driver to perform.
  public enum Action: Hashable, Sendable {
    case quit
  }

  /// Opens a trace at its first event.
  public init(_ trace: Trace, presentation: Presentation, rows: Int) {
    timeline = Timeline(trace)
    self.presentation = presentation
    self.rows = rows
  }

  /// The trace.
  public var trace: Trace { timeline.trace }

  /// The screen has a new size.
  public mutating func resized(rows: Int, columns: Int) {
    self.rows = rows
    presentation.width = columns
  }

  // MARK: - Moving

  /// Goes to a moment, or says that there is none.
  mutating func go(to target: Int?, else complaint: StyledText) {
    guard let target, target >= 0, target < timeline.count else {
      message = complaint
      return
    }
    index = target
    // The bytes stay where they were scrolled to: a field can be watched from hop to hop.
    tops[.ladder] = nil
    tops[.tables] = nil
  }

  /// The nearest moment in a direction that a condition holds for.
  func nearest(_ step: Int, where matches: (Int) -> Bool) -> Int? {
    var place = index + step
    while place >= 0, place < timeline.count {
      if matches(place) { return place }
      place += step
    }
    return nil
  }

  /// The next moment, in a direction, of the packet that this moment concerns.
  func nearestOfPacket(_ step: Int) -> Int? {
    guard let packet = timeline.packet(at: index) else { return nil }
    return nearest(step) { timeline.packet(at: $0) == packet }
  }

  /// The next moment, in a direction, whose words have those that are searched.
  func match(_ step: Int) -> Int? {
    let words = searched.lowercased()
    return nearest(step) { timeline.searchText(at: $0).lowercased().contains(words) }
  }

  // MARK: - Comparing

  /// The packet of this moment beside the marked one.
  func comparisonWithMark() -> Comparison? {
    guard let marked, let left = timeline.bytes(at: marked), let right = timeline.bytes(at: index)
    else { return nil }
    return Comparison((title(of: marked), title(of: index)), left, right)
  }

  /// The packet before and after a router passed it on.
  func comparisonOfTranslation() -> Comparison? {
    guard let left = timeline.bytesBefore(index), let right = timeline.bytes(at: index) else {
      return nil
    }
    let name = timeline.name(of: trace.events[index].node)
    return Comparison(("left: before \(name)", "right: after \(name)"), left, right)
  }

  private func title(of moment: Int) -> String {
    let side = moment == marked && moment != index ? "left" : "right"
    return "\(side): \(timeline.heading(at: moment)): \(timeline.sentence(at: moment))"
  }
}
