import ICE
import PairTable

/// The object that `pairs --json` prints.
struct PairsReport: Encodable {
  struct Stream: Encodable {
    var media: String
    var mid: String?
    var use: String
    var bundledInto: Int?
    var warnings: [String]
    var components: [Component]
  }

  struct Component: Encodable {
    var component: UInt16
    var local: [Row]
    var remote: [Row]
    var pairs: [Pair]
    var mayWork: Bool
  }

  struct Row: Encodable {
    var number: Int
    var candidate: String
    var type: String
    var transport: String
    var host: String
    var port: UInt16
    var base: String?
    var foundation: String
    var priority: UInt32
    var formula: String
    var typePreference: UInt8
    var typeMeaning: String?
    var localPreference: UInt16
    var localMeaning: String?
    var componentOfPriority: UInt16
  }

  struct Pair: Encodable {
    var local: Int
    var remote: Int
    /// A text: it has 64 bits, more than many readers of JSON keep.
    var priority: String
    var foundation: String
    var verdict: String
    var position: Int?
    var state: String?
    var mayWork: Bool
    var reason: String?
  }

  var side: String
  var role: String
  var streams: [Stream]
  var mayWork: Bool

  init(_ table: PairTable) {
    side = "\(table.side)"
    role = "\(table.role)"
    mayWork = table.hasHope
    streams = table.streams.map { stream in
      var leader: Int?
      let use =
        switch stream.use {
        case .own: "own"
        case .bundled: "bundled"
        case .rejected: "rejected"
        case .unanswered: "unanswered"
        }
      if case .bundled(let index) = stream.use { leader = index }
      return Stream(
        media: stream.media, mid: stream.mid, use: use, bundledInto: leader,
        warnings: stream.warnings.map(\.description),
        components: stream.components.map(Self.component))
    }
  }

  private static func component(_ component: PairTable.Component) -> Component {
    Component(
      component: component.id.rawValue, local: component.local.map(row),
      remote: component.remote.map(row), pairs: component.combinations.map(pair),
      mayWork: component.hasHope)
  }

  private static func row(_ row: CandidateRow) -> Row {
    let base: String? =
      switch row.base {
      case .itself: row.place
      case .told(let address): "\(address)"
      case .hidden: nil
      }
    return Row(
      number: row.number, candidate: "\(row.attribute)", type: row.attribute.type.token,
      transport: "\(row.attribute.transport)", host: "\(row.attribute.host)",
      port: row.attribute.port, base: base,
      foundation: "\(row.attribute.foundation)", priority: row.attribute.priority,
      formula: "\(row.formula)", typePreference: row.terms.typePreference,
      typeMeaning: row.typeMeaning, localPreference: row.terms.localPreference,
      localMeaning: row.localMeaning, componentOfPriority: row.terms.component)
  }

  private static func pair(_ pair: PairTable.Combination) -> Pair {
    var report = Pair(
      local: pair.local, remote: pair.remote, priority: "\(pair.priority)",
      foundation: "\(pair.foundation)", verdict: "", mayWork: false)
    switch pair.verdict {
    case .checked(let position, let state, let outlook):
      report.verdict = "checked"
      report.position = position
      report.state = "\(state)"
      report.mayWork = outlook.isPossible
      let words = "\(outlook)"
      report.reason = words.isEmpty ? nil : words
    case .pruned(let reason): (report.verdict, report.reason) = ("pruned", "\(reason)")
    case .impossible(let mismatch): (report.verdict, report.reason) = ("impossible", "\(mismatch)")
    }
    return report
  }
}
