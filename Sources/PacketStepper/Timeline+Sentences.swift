import NATTable
import SansIO
import Simulator

/// Moments in words.
extension Timeline {
  /// What happens at a moment: `home translates the source 10.0.0.2:5000 → 198.51.100.1:5000`.
  func sentence(at index: Int) -> String {
    let event = trace.events[index]
    let name = name(of: event.node)
    switch event.kind {
    case .sent(_, let bytes, _):
      let words = PacketWords(bytes)
      return "\(name) sends \(words.content), \(words.source) → \(words.destination)"
    case .forwarded(_, let before, let after):
      let changes = changes(PacketWords(before.bytes), PacketWords(after.bytes))
      let turns = before.side == after.side ? " and sends it back inside" : ""
      return changes.isEmpty
        ? "\(name) passes the packet on" : "\(name) translates \(changes)\(turns)"
    case .consumed(_, _, .answered): return "\(name) answers the packet itself"
    case .consumed(_, _, .fragmented):
      return "\(name) fragments the packet; its fragments have numbers of their own"
    case .consumed(_, _, .queued):
      return "\(name) keeps the fragment until the first of its datagram comes"
    case .dropped(_, _, let reason): return "\(name) drops the packet: \(reason)"
    case .lost(_, let next, let reason):
      return "between \(name) and \(self.name(of: next)): \(reason.rawValue)"
    case .duplicated(_, let copy):
      return "the link from \(name) delivers the packet twice; packet \(copy.number) is the copy"
    case .delivered: return "a program on \(name) gets the packet"
    case .table(let change): return "\(name) \(sentence(change))"
    case .report(let text): return "\(name): \(text)"
    }
  }

  /// The number of a moment, its time and its packet: `Step 3 of 143, 0.5 ms, packet 1`.
  func heading(at index: Int) -> String {
    let packet = packet(at: index).map { ", packet \($0.number)" } ?? ""
    return "Step \(index + 1) of \(count), \(trace.events[index].time.pictured)\(packet)"
  }

  /// What a search looks at: the sentence, and what the packet is.
  func searchText(at index: Int) -> String {
    let words = bytes(at: index).map(PacketWords.init)
    let packet = words.map { " \($0.content) \($0.source) \($0.destination)" } ?? ""
    return sentence(at: index) + packet
  }

  func name(of node: NodeID) -> String { trace.nodes[node.index].name }

  private func changes(_ before: PacketWords, _ after: PacketWords) -> String {
    var parts: [String] = []
    if before.source != after.source {
      parts.append("the source \(before.source) → \(after.source)")
    }
    if before.destination != after.destination {
      parts.append("the destination \(before.destination) → \(after.destination)")
    }
    return parts.joined(separator: " and ")
  }

  private func sentence(_ change: Trace.TableChange) -> String {
    let mapping = "\(change.mapping.inside) ⇄ \(change.mapping.outside)"
    return switch change {
    case .made: "makes a mapping, \(mapping)"
    case .changed: "changes the filters or the state of the mapping \(mapping)"
    case .refreshed: "lets the mapping \(mapping) live longer"
    case .removed: "forgets the mapping \(mapping)"
    }
  }
}
