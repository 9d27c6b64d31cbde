/// The words that a world knows, which begin its lines; `undo` belongs to its history.
enum WorldWord: String, CaseIterable {
  // These draw.
  case router, firewall, nat64, host, interface, forward
  // These let something happen.
  case send, ask, wait, connect, disconnect, renumber
  // These are for who looks on.
  case table, map, ladder, goal, par, help, quit

  /// Reads a word in either case; `?` is short for `help`, and `exit` means `quit`.
  init?(typed word: Substring) {
    switch word.lowercased() {
    case "?": self = .help
    case "exit": self = .quit
    case let word: self.init(rawValue: word)
    }
  }

  /// The words that draw.
  static let drawing: [WorldWord] = [.router, .firewall, .nat64, .host, .interface, .forward]

  /// The words that change a world, and the one for the time between.
  static let changing: [WorldWord] = [.wait, .connect, .disconnect, .renumber]

  /// Whether it may be the first of a world, for which it needs nothing that was drawn before.
  var begins: Bool { [.router, .firewall, .nat64, .host].contains(self) }
}
