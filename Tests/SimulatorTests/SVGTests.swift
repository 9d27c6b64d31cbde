import Foundation
import FoundationXML
import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

/// Pictures as SVG; that they are valid is the word of a parser.
@Suite struct SVGTests {
  /// Two hosts that do not reach each other: arrows, drops, tables.
  private static var punching: Trace {
    var scenario = HolePunching(.symmetric, .portRestrictedCone)
    _ = scenario.run()
    return scenario.network.trace
  }

  /// A network whose names and texts mean something in XML.
  private static var hostile: Trace {
    var net = Network(seed: 1)
    let home = net.router("<home> & \"co\"", nat: .portRestrictedCone)
    net.host(
      "alice]]>\u{1}", behind: home,
      running: .script(.init(at: .zero, send: "</text><script>", to: "203.0.113.9:7")))
    net.host("a&amp;b", at: "203.0.113.9", running: ScriptEndpoint(port: 7))
    net.run()
    return net.trace
  }

  private static func pictures(of trace: Trace) -> [String] {
    [
      Ladder(trace).svg(), Topology(trace).svg(), TablePage(trace).svg(),
      TablePage(trace).svg(at: trace.nextTableChange(after: 0) ?? -1),
    ]
  }

  @Test("Each picture is well-formed XML, whatever names and texts hold")
  func wellFormed() {
    for trace in [Self.punching, Self.hostile, Network(seed: 1).trace] {
      for picture in Self.pictures(of: trace) {
        let reader = TextReader(picture)
        #expect(reader.isWellFormed, "\(reader.complaint)")
        #expect(reader.root == "svg")
        #expect(reader.elements.isSuperset(of: ["title", "desc", "style"]))
        #expect(!reader.elements.contains("script"))
      }
    }
  }

  @Test("Texts are text, and read as they were written")
  func texts() {
    let ladder = TextReader(Ladder(Self.hostile).svg())
    #expect(ladder.texts.contains("<home> & \"co\""))
    #expect(ladder.texts.contains("a&amp;b"))
    #expect(ladder.texts.contains("alice]]>\u{FFFD}"))
    #expect(ladder.texts.contains("\"</text><script>\""))
    let topology = TextReader(Topology(Self.punching).svg())
    #expect(topology.texts.contains("mapping: address and port-dependent"))
  }

  @Test("A picture is described in the words that the plain output has")
  func description() {
    let trace = Self.punching
    #expect(TextReader(Ladder(trace).svg()).words == Ladder(trace).words())
    #expect(TextReader(Topology(trace).svg()).words == Topology(trace).words())
    #expect(TextReader(Ladder(trace).svg()).title.hasPrefix("Ladder: alice, home"))
  }

  @Test("The ladder has an arrow for each packet, and a cross for each that was dropped")
  func arrows() {
    let trace = Self.punching
    let packets = Set(trace.events.compactMap(\.packet)).count
    let svg = Ladder(trace).svg()
    func count(_ part: String) -> Int { svg.split(separator: "\n").count { $0.contains(part) } }
    #expect(trace.drops.count > 0)
    #expect(count("class=\"lost\"") == trace.drops.count + 1)  // One is in the legend.
    #expect(count("class=\"head\"") == packets - trace.drops.count)
  }

  @Test("The row of a table that a moment changes is marked")
  func changedRow() {
    let trace = Self.punching
    let change = trace.nextTableChange(after: 0)!
    func hasMark(_ index: Int) -> Bool {
      TablePage(trace).svg(at: index).contains("class=\"changed\"")
    }
    #expect(hasMark(change))
    #expect(!hasMark(change - 1))
  }

  @Test("One seed gives the same bytes, and light and dark are both there")
  func stable() {
    #expect(Self.pictures(of: Self.punching) == Self.pictures(of: Self.punching))
    #expect(Ladder(Self.punching).svg().contains("prefers-color-scheme:dark"))
  }
}

/// Reads a picture by an XML parser.
private final class TextReader: NSObject, XMLParserDelegate {
  private(set) var isWellFormed = false
  private(set) var complaint = ""
  private(set) var root = ""
  private(set) var elements: Set<String> = []
  private(set) var texts: [String] = []
  private(set) var title = ""
  /// The description.
  private(set) var words = ""
  private var current = ""

  init(_ picture: String) {
    super.init()
    let parser = XMLParser(data: Data(picture.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
    complaint = parser.parserError.map { "\($0)" } ?? ""
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if root.isEmpty { root = name }
    elements.insert(name)
    current = ""
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { current += text }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    switch name {
    case "text": texts.append(current)
    case "title": title = current
    case "desc": words = current
    default: break
    }
  }
}
