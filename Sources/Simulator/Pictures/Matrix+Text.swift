import TransportAddress

/// A matrix as a table, and in words.
extension Matrix {
  /// The matrix as a table of 80 columns: a row for each behavior of alice's NAT.
  ///
  /// `●` is a cell where both hear each other, `→` one where only bob hears alice, `←` one where only
  /// alice hears bob, and `·` one where neither hears the other.
  public func text() -> String {
    func row(_ head: (String, String), _ cells: [String]) -> String {
      var line = Self.padded(head.0, 6) + Self.padded(head.1, 7)
      for (number, cell) in cells.enumerated() {
        line += (number % 3 == 0 ? "│ " : "") + Self.padded(cell, 6)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    var lines = [
      row(("", "bob"), behaviors.map(\.mapping.shortMapping)),
      row(("alice", ""), behaviors.map(\.filtering.shortFiltering)),
    ]
    let rule = ([13] + Array(repeating: 19, count: behaviors.count / 3))
      .map { String(repeating: "─", count: $0) }.joined(separator: "┼")
    for (number, behavior) in behaviors.enumerated() {
      if number % 3 == 0 { lines.append(rule) }
      lines.append(
        row(
          (behavior.mapping.shortMapping, behavior.filtering.shortFiltering),
          results[number].map(\.sign)))
    }
    lines += [
      "",
      "● both hear each other   → only bob hears   ← only alice hears   · neither hears",
      "M mapping, F filtering: EI endpoint-independent, AD address-dependent,",
      "APD address and port-dependent (RFC 4787 §4.1, §5)",
    ]
    return lines.joined(separator: "\n")
  }

  /// The matrix in words, one line for each pair, of which either may be alice's NAT.
  public func words() -> String {
    behaviors.indices.flatMap { row in
      behaviors.indices.map { column in
        "\(behaviors[row].name) and \(behaviors[column].name): \(results[row][column])"
      }
    }.joined(separator: "\n")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension HolePunching.Behavior {
  /// The usual short name: `EIM/APDF`.
  public var name: String { "\(mapping.shortMapping)/\(filtering.shortFiltering)" }

  /// The behavior with a short name, in any case; nil if there is none.
  public init?(named name: String) {
    guard let behavior = Self.all.first(where: { $0.name.lowercased() == name.lowercased() }) else {
      return nil
    }
    self = behavior
  }
}

extension HolePunching.Result {
  fileprivate var sign: String {
    switch (alice.hears, bob.hears) {
    case (true, true): "●"
    case (false, true): "→"
    case (true, false): "←"
    case (false, false): "·"
    }
  }
}

extension HolePunching.Result: CustomStringConvertible {
  /// `both hear each other`, `only bob hears alice`, and so on.
  public var description: String {
    switch (alice.hears, bob.hears) {
    case (true, true): "both hear each other"
    case (false, true): "only bob hears alice"
    case (true, false): "only alice hears bob"
    case (false, false): "neither hears the other"
    }
  }
}

extension EndpointDependence {
  private var short: String {
    switch self {
    case .endpointIndependent: "EI"
    case .addressDependent: "AD"
    case .addressAndPortDependent: "APD"
    }
  }

  fileprivate var shortMapping: String { short + "M" }
  fileprivate var shortFiltering: String { short + "F" }
}
