import NATTable
import Router
import SansIO
import TransportAddress

extension Trace {
  /// The trace as JSON, with one line for each node and each event.
  ///
  ///     {"nodes":[
  ///     {"name":"alice","kind":"host","parent":"home","address":"10.0.0.2"},
  ///     …],"events":[
  ///     {"time":0,"node":"alice","event":"sent","packet":1,"side":"outside","bytes":"4500…"},
  ///     …]}
  ///
  /// Times are seconds, packets hexadecimal with their IP header first, nodes named by their names.
  /// - Complexity: O(its length).
  public var json: String {
    let nodes = nodes.map(json(of:)).joined(separator: ",\n")
    let events = events.map(json(of:)).joined(separator: ",\n")
    return "{\"nodes\":[\n\(nodes)],\"events\":[\n\(events)]}\n"
  }

  private func json(of node: Node) -> String {
    var object = JSONText()
    object.add("name", node.name)
    object.add("kind", node.kind.rawValue)
    object.add("parent", node.parent.map { nodes[$0.index].name })
    object.add("address", node.address?.description)
    object.add("address6", node.address6?.description)
    object.add("gateway", node.gateway?.description)
    object.add("gateway6", node.gateway6?.description)
    object.add("host", node.host.map { nodes[$0.index].name })
    return object.closed
  }

  private func json(of event: Event) -> String {
    var object = JSONText()
    object.add("time", nanoseconds: event.time.nanoseconds)
    object.add("node", nodes[event.node.index].name)
    object.add("event", event.kind.name)
    if let packet = event.packet { object.add("packet", number: packet.number) }
    switch event.kind {
    case .sent(_, let bytes, let side):
      object.add("side", side.name)
      object.add("bytes", bytes: bytes)
    case .forwarded(_, let before, let after):
      object.add("from", before.side.name)
      object.add("to", after.side.name)
      object.add("before", bytes: before.bytes)
      object.add("after", bytes: after.bytes)
    case .consumed(_, let passage, _):
      object.add("side", passage.side.name)
      object.add("bytes", bytes: passage.bytes)
    case .dropped(_, let passage, let reason):
      object.add("side", passage.side.name)
      object.add("bytes", bytes: passage.bytes)
      object.add("reason", reason.description)
    case .lost(_, let next, let reason):
      object.add("next", nodes[next.index].name)
      object.add("reason", reason.rawValue)
    case .duplicated(_, let copy): object.add("copy", number: copy.number)
    case .delivered(_, let bytes): object.add("bytes", bytes: bytes)
    case .table(let change): object.add("mapping", json: json(of: change.mapping))
    case .report(let text): object.add("text", text)
    }
    return object.closed
  }

  private func json(of mapping: NATTable.Mapping) -> String {
    var object = JSONText()
    object.add("protocol", mapping.protocol.description)
    object.add("inside", mapping.inside.description)
    object.add("outside", mapping.outside.description)
    object.add("to", mapping.scope.description)
    object.add("connection", mapping.connection?.rawValue)
    object.add("expires", nanoseconds: mapping.expires.nanoseconds)
    let filters = mapping.filters.map { filter in
      var object = JSONText()
      object.add("from", filter.scope.description)
      object.add("expires", nanoseconds: filter.expires.nanoseconds)
      return object.closed
    }
    object.add("filters", json: "[" + filters.joined(separator: ",") + "]")
    return object.closed
  }
}

extension Trace.Kind {
  /// The name of the event in JSON.
  var name: String {
    switch self {
    case .sent: "sent"
    case .forwarded: "forwarded"
    case .consumed(_, _, let consumption): consumption.rawValue
    case .dropped: "dropped"
    case .lost: "lost"
    case .duplicated: "duplicated"
    case .delivered: "delivered"
    case .table(.made): "mapping made"
    case .table(.changed): "mapping changed"
    case .table(.refreshed): "mapping refreshed"
    case .table(.removed): "mapping removed"
    case .report: "report"
    }
  }
}

extension NATRouter.Side {
  var name: String { self == .inside ? "inside" : "outside" }
}
