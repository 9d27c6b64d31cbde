import FoundationEssentials
import NATTable
import Testing
import TransportAddress

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
    ("RFC 6864 §5.3.1 Identification of its own", [.identification]),
  ]

  @Test("The document's rows are what the presets' unmet requirements say")
  func rows() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let data = try Data(contentsOf: URL(filePath: "/\(root)/docs/nat-requirements.md"))
    let text = String(decoding: data, as: UTF8.self)
    for (title, requirements) in Self.rows {
      let configurations = NATTable.Configuration.presets.map(\.configuration) + [.nat64]
      let cells = configurations.map { configuration in
        requirements.contains(where: configuration.unmetRequirements.contains) ? "no" : "yes"
      }
      let row = "| \(title) | \(cells.joined(separator: " | ")) |"
      #expect(text.contains(row), "docs/nat-requirements.md should have: \(row)")
    }
    #expect(Set(Self.rows.flatMap(\.any)) == Set(NATTable.Requirement.allCases))
    // RFC 6888, of what a configuration says by itself
    for (title, isMet) in Self.carrierGradeRows {
      let cells = (NATTable.Configuration.presets.map(\.configuration) + [.nat64]).map {
        isMet($0) ? "yes" : "no"
      }
      let row = "| \(title) | \(cells.joined(separator: " | ")) |"
      #expect(text.contains(row), "docs/nat-requirements.md should have: \(row)")
    }
  }

  static let carrierGradeRows:
    [(title: String, isMet: @Sendable (NATTable.Configuration) -> Bool)] = [
      ("REQ-4 limit of ports for a host", { $0.mappingsPerHost != nil }),
      ("REQ-7 filters nothing", { $0.filtering == .endpointIndependent }),
      ("REQ-8 a port rests for 120 s", { $0.portReuseDelay >= .seconds(120) }),
      ("REQ-14 short logs, by blocks of ports", { $0.portBlocks != .none }),
      ("REQ-15 ports hard to guess", { $0.portAssignment == .random }),
    ]

  @Test(
    "Each numbered requirement of the four RFCs has a row, and a test that begins with its name")
  func numbers() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    func text(_ path: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(filePath: "\(root)/\(path)")), as: UTF8.self)
    }
    let document = try text("docs/nat-requirements.md").split(separator: "## ")
    let folder = "Tests/NATTableTests/"
    // RFC 6888's REQ-5, 9, 10, 12 and 14: see the document; 14 has a test of blocks
    let lists: [(rfc: String, count: Int, files: [String], untested: Set<Int>)] = [
      (
        "4787", 14,
        ["RFC4787Tests", "FragmentTests", "HairpinningTests", "Bytes/RouterErrorTests"], []
      ),
      ("5382", 10, ["RFC5382Tests"], []),
      ("5508", 11, ["RFC5508Tests"], []),
      ("6888", 15, ["RFC6888Tests"], [5, 9, 10, 12]),
    ]
    for (rfc, count, files, untested) in lists {
      let section = try #require(document.first { $0.hasPrefix("RFC \(rfc)\n") })
      let tests = try files.map { try text("\(folder)\($0).swift") }.joined()
      for number in 1...count {
        #expect(
          section.contains(try Regex("\\| REQ-\(number)[a-z]? ")),
          "docs/nat-requirements.md has no row for REQ-\(number) of RFC \(rfc)")
        if untested.contains(number) { continue }
        #expect(
          tests.contains(try Regex("\"(RFC \(rfc) )?REQ-\(number)[a-z]?\\b")),
          "no test is named REQ-\(number) of RFC \(rfc)")
      }
    }
  }
}
