/// A file beside the notes that a wiki link or an embedding names: a picture, a PDF, a recording.
public enum Attachment {
  /// The endings of pictures that web pages can show.
  public static let pictureEndings = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp",
  ]
  private static let otherEndings = [
    "pdf", "mp3", "m4a", "ogg", "wav", "flac", "mp4", "webm", "mov", "mkv", "canvas", "base",
    "zip", "pcap", "pcapng", "csv", "txt", "json",
  ]

  /// Whether a name ends as that of a picture.
  public static func isPicture(_ name: String) -> Bool { ends(name, in: pictureEndings) }

  /// Whether a name is that of a file which is no note.
  public static func isFile(_ name: String) -> Bool {
    isPicture(name) || ends(name, in: otherEndings)
  }

  private static func ends(_ name: String, in endings: [String]) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return endings.contains(name[name.index(after: dot)...].lowercased())
  }

  /// What `![[…]]` is: a picture, the name of another file, or a part of a note.
  static func embedding(_ link: WikiLink) -> Inline {
    if isPicture(link.target) {
      // Behind the bar stands a width, `300` or `300x200`, or words.
      let words = link.label.flatMap { label in
        label.allSatisfy { $0.isNumber || $0 == "x" } ? nil : label
      }
      return .image(source: link.target, description: words.map { [.text($0)] } ?? [])
    }
    return isFile(link.target) ? .wikiLink(link) : .embed(link)
  }
}
