import FoundationEssentials
import NATTable
import Testing

/// The table for people must say what the code says.
@Suite struct RequirementTableTests {
  /// A row for each requirement that a configuration can fail to meet.
  static let rows: [(title: String, any: [NATTable.Requirement])] = [
    ("REQ-1 endpoint-independent mapping", [.endpointIndependentMapping]),
    ("REQ-2 paired address pooling", [.pairedPooling]),
    ("REQ-3 no port overloading", [.noPortOverloading]),
    ("REQ-4 port parity", [.portParity]),
    ("REQ-5 UDP timer of 2 min", [.mappingTimeout]),
    ("REQ-8 filtering EI or AD", [.filtering]),
    ("REQ-9 hairpinning, external source", [.hairpinning, .hairpinningSource]),
    ("REQ-14 fragments in any order", [.fragments]),
    ("REQ-3 filtering EI or AD", [.filtering]),
    ("REQ-4 unsolicited SYN waits 6 s", [.unsolicitedSYN]),
    ("REQ-5 established 2 h 4 min", [.establishedTimeout]),
    ("REQ-5 transitory 4 min", [.transitoryTimeout]),
    ("REQ-7 no port overloading", [.noPortOverloading]),
    ("REQ-8 hairpinning", [.hairpinning]),
    ("REQ-2 query timer of 60 s", [.queryTimeout]),
  ]

  @Test("The document's rows are what the presets' unmet requirements say")
  func rows() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let data = try Data(contentsOf: URL(filePath: "/\(root)/docs/nat-requirements.md"))
    let text = String(decoding: data, as: UTF8.self)
    for (title, requirements) in Self.rows {
      let cells = NATTable.Configuration.presets.map { preset in
        requirements.contains(where: preset.configuration.unmetRequirements.contains) ? "no" : "yes"
      }
      let row = "| \(title) | \(cells.joined(separator: " | ")) |"
      #expect(text.contains(row), "docs/nat-requirements.md should have: \(row)")
    }
    #expect(Set(Self.rows.flatMap(\.any)) == Set(NATTable.Requirement.allCases))
  }
}
