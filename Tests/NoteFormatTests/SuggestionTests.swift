import NoteFormat
import Testing

@Suite struct SuggestionTests {
  @Test(
    "A slip of the fingers finds the word that was meant, anything else finds none",
    arguments: [
      ("idd", "id"), ("prdict", "predict"), ("perdict", "predict"), ("PREDICT", "predict"),
      ("atfer", "after"), ("x", nil), ("colour", nil), ("", nil),
    ] as [(String, String?)])
  func nearest(word: String, meant: String?) {
    #expect(Suggestion.nearest(to: word, among: ["id", "predict", "after"]) == meant)
  }

  @Test(
    "A heading's anchor is the one that GitHub gives it",
    arguments: [
      ("Two hosts, one port", "two-hosts-one-port"),
      ("XOR-MAPPED-ADDRESS by hand", "xor-mapped-address-by-hand"),
      ("Why 2³²?", "why-2³²"), ("a  b", "a--b"),
    ])
  func anchors(heading: String, anchor: String) {
    #expect(Slug.anchor(heading) == anchor)
  }
}
