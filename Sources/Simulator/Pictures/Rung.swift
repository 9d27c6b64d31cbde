import NATTable
import SansIO

/// One thing that a ladder shows: the way of a packet, or a note at a node's line.
enum Rung {
  case packet(Journey)
  /// What a program reported, and the place of the event.
  case report(String, at: Int)
  /// A mapping that is gone, and the place of the event.
  case removed(NATTable.Mapping, at: Int)

  /// The place of the event that it begins with.
  var event: Int {
    switch self {
    case .packet(let journey): journey.index
    case .report(_, let index), .removed(_, let index): index
    }
  }

  /// The rung in words.
  func sentence(in trace: Trace) -> String {
    func moment(_ index: Int) -> (time: String, name: String) {
      let event = trace.events[index]
      return (event.time.pictured, trace.nodes[event.node.index].name)
    }
    switch self {
    case .packet(let journey): return journey.sentence(in: trace)
    case .report(let text, let index):
      let (time, name) = moment(index)
      return "\(time): \(name): \(text)."
    case .removed(let mapping, let index):
      let (time, name) = moment(index)
      return "\(time): \(name) forgets the mapping of \(mapping.inside) at \(mapping.outside)."
    }
  }
}

extension Trace {
  /// What a ladder shows of the events up to one, in order.
  func rungs(through last: Int) -> [Rung] {
    var past = self
    past.events.removeSubrange((last + 1)...)
    var rungs: [Rung] = []
    var journeys = past.journeys[...]
    for (index, event) in past.events.enumerated() {
      if let journey = journeys.first, journey.index == index {
        rungs.append(.packet(journey))
        journeys.removeFirst()
      }
      switch event.kind {
      case .report(let text): rungs.append(.report(text, at: index))
      case .table(.removed(let mapping)): rungs.append(.removed(mapping, at: index))
      default: break
      }
    }
    return rungs
  }
}
