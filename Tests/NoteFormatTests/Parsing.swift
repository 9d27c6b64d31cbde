import NoteFormat

/// A note parsed from text, with what was found wrong as `line:column: message`.
func parse(_ text: String, file: String = "notes/02-nat-table.md") throws -> (Note, [String]) {
  let (note, problems) = try Note.parse(Array(text.utf8), file: file)
  return (note, problems.map { "\($0.position): \($0.message)" })
}

/// A whole note around the given text, whose first line is line 5.
func step(_ text: String) throws -> (Note, [String]) {
  try parse("# Title\n\n## Step\n\n" + text)
}
