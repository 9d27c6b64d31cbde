import IPPacket
import NATTable
import Router
import SansIO
import TransportAddress

/// What the trace hears of the tables of NATs.
///
/// A packet changes one mapping, or two if it is hairpinned, and those are looked at alone. All
/// mappings are compared where that is not known, and where some have expired.
extension Network {
  /// Records mappings that are gone, before the packet that was found to be later than they.
  mutating func recordExpired(_ router: Int, before: Int, _ verdict: NATRouter.Verdict) {
    var made = 0
    switch verdict {
    case .forward(_, makesMapping: true), .fragmented(makesMapping: true): made = 1
    default: break
    }
    // Fewer than were there: some have expired. A mapping that a drop made is found later.
    if routers[router].nat!.table.count < before + made { recordExpired(router) }
  }

  /// Records mappings that are gone.
  mutating func recordExpired(_ router: Int) {
    let left = Set(routers[router].mappings.map(RecordedMapping.init))
    let gone = routers[router].recorded.values.filter { !left.contains(RecordedMapping($0)) }
    // The dictionary's order is not the same in every process.
    for mapping in gone.sorted(by: { $0.isBefore($1) }) {
      routers[router].recorded[RecordedMapping(mapping)] = nil
      trace.record(.table(.removed(mapping)), at: routers[router].node, time)
    }
  }

  /// Records what a packet that was forwarded has changed.
  mutating func recordChanges(
    _ router: Int, _ before: Trace.Passage, _ after: Trace.Passage
  ) {
    if before.side == .inside, after.side == .inside { return recordAllChanges(router) }
    let outer = before.side == .inside ? after.bytes : before.bytes
    guard let packet = try? Packet(parsing: outer.span) else { return }
    // On the outside the mapping's own endpoint is the source of what leaves.
    let (own, remote) =
      before.side == .inside
      ? (packet.source, packet.destination) : (packet.destination, packet.source)
    if let mapping = routers[router].nat!.table.mapping(at: own, packet.protocol, remote: remote) {
      record(mapping, router)
    }
  }

  /// Compares all mappings with those that the trace has.
  mutating func recordAllChanges(_ router: Int) {
    for mapping in routers[router].mappings { record(mapping, router) }
  }

  private mutating func record(_ mapping: NATTable.Mapping, _ router: Int) {
    let key = RecordedMapping(mapping)
    let old = routers[router].recorded.updateValue(mapping, forKey: key)
    let change: Trace.TableChange
    switch old {
    case nil: change = .made(mapping)
    case mapping?: return
    case let old?:
      change = old.withoutTimes == mapping.withoutTimes ? .refreshed(mapping) : .changed(mapping)
    }
    trace.record(.table(change), at: routers[router].node, time)
  }
}

extension NATTable.Mapping {
  /// The mapping as it would be if nothing ever expired.
  fileprivate var withoutTimes: NATTable.Mapping {
    var copy = self
    copy.expires = .zero
    for index in copy.filters.indices { copy.filters[index].expires = .zero }
    return copy
  }

  /// The order of `NATTable.mappings`.
  func isBefore(_ other: NATTable.Mapping) -> Bool {
    (`protocol`, inside, scope) < (other.protocol, other.inside, other.scope)
  }
}
