import Simulator
public import Terminal

/// How the results of a world's lines look.
public enum WorldPage {
  /// A result's lines.
  public static func lines(of result: WorldResult, _ presentation: Presentation) -> [StyledText] {
    let isDrawn = !presentation.plain && presentation.unicode
    switch result {
    case .map(let topology) where isDrawn:
      return WorldResult.lines(topology.text()).map { StyledText($0) }
    case .ladder(let ladder) where isDrawn && presentation.width >= 40:
      return WorldResult.lines(ladder.text(width: presentation.width)).map { StyledText($0) }
    case .tables: return result.words.map { StyledText($0) }
    case .help where isDrawn:
      let rows = WorldResult.entries.map { [StyledText($0.usage, .key), StyledText($0.summary)] }
      return TextTable(columns: [.init("line"), .init("what it does")], rows: rows)
        .lines(presentation)
    default:
      return result.words.flatMap { line in
        let line = presentation.prepared(StyledText(line))
        return presentation.plain
          ? [line] : line.wrapped(to: presentation.proseWidth, continuation: "  ")
      }
    }
  }
}
