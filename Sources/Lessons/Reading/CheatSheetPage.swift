public import NoteFormat
public import Terminal

/// Lays out a cheat sheet as text: the picture, three sentences, the numbers.
public enum CheatSheetPage {
  /// The lines of a note's sheet, its title first.
  public static func lines(
    of sheet: CheatSheet, for note: Note, _ presentation: Presentation
  ) -> [StyledText] {
    var lines = StyledText(note.title, .heading, emphasis: .bold).wrapped(
      to: presentation.proseWidth)
    if !presentation.plain {
      let rule = String(repeating: presentation.symbols.horizontal, count: presentation.proseWidth)
      lines.append(StyledText(rule, .muted))
    }
    lines.append("")
    if let picture = picture(of: sheet, in: note) {
      // As wide as the screen, for a picture that is cut is none.
      lines += OutputPattern.lines(of: picture).map { presentation.prepared(StyledText($0)) }
      lines.append("")
    }
    return lines + NotePage.lines(of: sheet.text, in: note, presentation)
  }

  /// The picture as text: what its example prints.
  public static func picture(of sheet: CheatSheet, in note: Note) -> String? {
    note.examples.first { $0.id == sheet.example }?.output?.text
  }
}
