import Router
import SansIO

/// The way of one packet: where it went, which NATs changed it, and how it ended.
struct Journey {
  /// A NAT that changed the packet.
  struct Crossing {
    let node: NodeID
    let before: PacketWords
    let after: PacketWords
    /// Whether it came from the inside and was sent back there.
    let isHairpin: Bool
    /// Whether the packet made a mapping.
    var makesMapping: Bool
  }

  enum End {
    case delivered
    case dropped(DropReason)
    case lost(toward: NodeID, Trace.Loss)
    case consumed(Trace.Consumption)
    /// It was on its way when the trace ended.
    case onTheWay
  }

  let packet: PacketID
  /// The place of its first event, by which journeys are ordered.
  let index: Int
  let start: Instant
  /// When it ended.
  var time: Instant
  /// The packet as it was sent.
  let words: PacketWords
  /// Whether it is the second of a packet that arrived twice.
  let isCopy: Bool
  /// The nodes that it came to, in order.
  var stops: [NodeID]
  var crossings: [Crossing] = []
  var end = End.onTheWay
}

extension Trace {
  /// The ways of all packets, in the order of sending.
  ///
  /// - Complexity: O(the events, and the bytes of their packets).
  var journeys: [Journey] {
    var journeys: [Journey] = []
    var places: [PacketID: Int] = [:]
    var latestBytes: [PacketID: [UInt8]] = [:]
    for (index, event) in events.enumerated() {
      switch event.kind {
      case .sent(let packet, let bytes, _):
        places[packet] = journeys.count
        latestBytes[packet] = bytes
        journeys.append(
          Journey(
            packet: packet, index: index, start: event.time, time: event.time,
            words: PacketWords(bytes), isCopy: false, stops: [event.node]))
      case .duplicated(let original, let copy):
        let bytes = latestBytes[original] ?? []
        places[copy] = journeys.count
        latestBytes[copy] = bytes
        journeys.append(
          Journey(
            packet: copy, index: index, start: event.time, time: event.time,
            words: PacketWords(bytes), isCopy: true, stops: [event.node]))
      case .table, .report: break
      default:
        guard let packet = event.packet, let place = places[packet] else { continue }
        journeys[place].went(on: event, madeMapping: madeMapping(before: index))
        if case .forwarded(_, _, let after) = event.kind { latestBytes[packet] = after.bytes }
      }
    }
    return journeys
  }

  /// Whether the events just before one, of the same node and moment, have made a mapping.
  private func madeMapping(before index: Int) -> Bool {
    var previous = index - 1
    while previous >= 0, events[previous].node == events[index].node,
      events[previous].time == events[index].time
    {
      guard case .table(let change) = events[previous].kind else { return false }
      if case .made = change { return true }
      previous -= 1
    }
    return false
  }
}

extension Journey {
  /// Why it ended early, as a line below its arrow; nil if it reached a program, or is on its way.
  func reason(in trace: Trace) -> String? {
    let name = trace.nodes[stops[stops.count - 1].index].name
    switch end {
    case .dropped(let reason): return "✗ \(name): \(reason)"
    case .lost(let next, let reason):
      return "✗ between \(name) and \(trace.nodes[next.index].name): \(reason.rawValue)"
    case .consumed(let consumption): return "\(name): \(consumption.rawValue)"
    case .delivered, .onTheWay: return nil
    }
  }

  fileprivate mutating func went(on event: Trace.Event, madeMapping: Bool) {
    time = event.time
    if case .lost(_, let next, let reason) = event.kind {
      end = .lost(toward: next, reason)
      return
    }
    stops.append(event.node)
    switch event.kind {
    case .forwarded(_, let before, let after):
      let crossing = Crossing(
        node: event.node, before: PacketWords(before.bytes), after: PacketWords(after.bytes),
        isHairpin: before.side == after.side, makesMapping: madeMapping)
      if crossing.before.source != crossing.after.source
        || crossing.before.destination != crossing.after.destination
      {
        crossings.append(crossing)
      }
    case .dropped(_, _, let reason): end = .dropped(reason)
    case .delivered: end = .delivered
    case .consumed(_, _, let consumption): end = .consumed(consumption)
    case .sent, .duplicated, .lost, .table, .report: break
    }
  }
}
