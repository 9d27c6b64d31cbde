/// A matrix of calls as a table, and in words.
extension CallMatrix {
  /// The matrix as tables of 80 columns at most: which candidates, after what time, with how many packets.
  ///
  /// In the first, `SP` says that alice selected a server-reflexive candidate of her own and a
  /// peer-reflexive one of bob's. `●` is a cell where hole punching alone connects the two. Of more than
  /// nine sites there is room for the candidates alone.
  /// - Precondition: there are 20 sites at most.
  public func text() -> String {
    guard sites.count <= 9 else { return compact() }
    let types = table("selected") { row, column in
      results[row][column].alice.letters + (isPunched[row][column] ? " ●" : "")
    }
    let times = table("ms") { row, column in
      results[row][column].time.map { "\($0.wholeMilliseconds)" } ?? "–"
    }
    let packets = table("packets") { row, column in "\(results[row][column].packetCount)" }
    return [types, Self.legend, times, packets].joined(separator: "\n\n")
  }

  /// The candidates alone, with numbers in place of the columns' names.
  private func compact() -> String {
    precondition(sites.count <= 20, "the columns of more sites need more than 80 columns")
    func line(_ head: String, _ cells: [String]) -> String {
      Self.padded(head, 16) + "│ " + cells.map { Self.padded($0, 3) }.joined()
    }
    var lines = [
      line("", sites.indices.map { "\($0 + 1)" }),
      String(repeating: "─", count: 16) + "┼" + String(repeating: "─", count: 1 + 3 * sites.count),
    ]
    for (row, site) in sites.enumerated() {
      let number = row < 9 ? " \(row + 1)" : "\(row + 1)"
      lines.append(line("\(number) \(site)", results[row].map(\.alice.letters)))
    }
    let trimmed = lines.map { $0.last == " " ? String($0.dropLast()) : $0 }
    return (trimmed + ["", Self.candidateLegend]).joined(separator: "\n")
  }

  private static let candidateLegend = """
    alice's candidate and bob's, as alice sees them: L host, S server-reflexive,
    P peer-reflexive, R relayed, ·· none
    """

  private static let legend =
    candidateLegend + "   ● hole punching alone connects, too"

  /// The matrix in words, one line for each pair.
  public func words() -> String {
    sites.indices.flatMap { row in
      sites.indices.map { column in
        "\(sites[row]) and \(sites[column]): \(results[row][column])"
      }
    }.joined(separator: "\n")
  }

  private func table(_ title: String, _ cell: (_ row: Int, _ column: Int) -> String) -> String {
    let width = sites.count > 8 ? 7 : 8
    // Names that are too long for a column stand in two rows.
    let heads = sites.map { $0.name.split(separator: Self.divider(of: $0.name), maxSplits: 1) }
    let first = (sites.map(\.name.count).max() ?? 0) + 1
    func line(_ head: String, _ cells: [String]) -> String {
      var text = Self.padded(head, first) + "│ "
      for cell in cells { text += Self.padded(cell, width) }
      while text.last == " " { text.removeLast() }
      return text
    }
    var lines = [
      line(title, heads.map { String($0[0]) }),
      line("", heads.map { $0.count > 1 ? String($0[1]) : "" }),
      String(repeating: "─", count: first) + "┼"
        + String(repeating: "─", count: 1 + width * sites.count),
    ]
    for (row, site) in sites.enumerated() {
      lines.append(line(site.name, sites.indices.map { cell(row, $0) }))
    }
    return lines.joined(separator: "\n")
  }

  private static func divider(of name: String) -> Character {
    ["/", " ", "-"].first { name.contains($0) } ?? "/"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
