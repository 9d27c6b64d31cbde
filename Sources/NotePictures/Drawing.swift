import Calls
import Media
import Simulator

/// What is drawn of a network or of a call in it, in all its forms.
enum Drawing {
  case ladder(Ladder)
  case map(Topology)
  case tables(TablePage)
  case plot(DelayPlot)

  /// How wide a page of the notes is.
  private static let pageWidth = 74
  /// The widths of narrower pages for which a picture is drawn anew, the widest first.
  private static let narrowerWidths = [66, 58, 50, 42]

  /// What can be stepped through; nil if there is nothing.
  var trace: Trace? {
    switch self {
    case .ladder(let ladder): ladder.trace
    case .map(let topology): topology.trace
    case .tables(let page): page.trace
    case .plot: nil
    }
  }

  /// The text, as the notes have it.
  var text: String {
    switch self {
    case .ladder(let ladder): ladder.text(width: Self.pageWidth)
    case .map(let topology): topology.text(showingBehavior: false)
    case .tables(let page): page.text()
    case .plot(let plot): plot.text(width: Self.pageWidth)
    }
  }

  /// The text for narrower pages, the widest first, as far as it fits them.
  var narrower: [String] {
    switch self {
    case .ladder(let ladder):
      let words = ladder.words()
      // What does not fit a page does not fit a narrower one.
      return Self.narrowerWidths.map { ladder.text(width: $0) }.filter { $0 != words }
    case .plot(let plot): return Self.narrowerWidths.map { plot.text(width: $0) }
    case .map, .tables: return []
    }
  }

  /// The same in words; nil where the text is a table of words already.
  var words: String? {
    switch self {
    case .ladder(let ladder): ladder.words()
    case .map(let topology): topology.words(showingBehavior: false)
    case .tables: nil
    case .plot(let plot): plot.words()
    }
  }

  var svg: String {
    switch self {
    case .ladder(let ladder): ladder.svg()
    case .map(let topology): topology.svg(showingBehavior: false)
    case .tables(let page): page.svg()
    case .plot(let plot): plot.svg()
    }
  }
}
