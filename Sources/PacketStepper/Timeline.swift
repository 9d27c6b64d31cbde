import Simulator

/// The events of a trace as moments: what happened, to which packet, and the packet's bytes then.
struct Timeline: Sendable {
  let trace: Trace
  /// For each event the place of the one whose packet it concerns: its own, or for the change of a
  /// table that of the packet that caused it.
  private var carriers: [Int?] = []
  /// Where each packet was sent.
  private var starts: [PacketID: Int] = [:]

  init(_ trace: Trace) {
    self.trace = trace
    for (index, event) in trace.events.enumerated() {
      carriers.append(carrier(of: index))
      switch event.kind {
      case .sent(let packet, _, _): starts[packet] = index
      case .duplicated(_, let copy): starts[copy] = index
      default: break
      }
    }
  }

  var count: Int { trace.events.count }

  /// The packet that a moment concerns; nil if it concerns none.
  func packet(at index: Int) -> PacketID? {
    carriers[index].flatMap { trace.events[$0].packet }
  }

  /// Where a packet was sent.
  func start(of packet: PacketID) -> Int? { starts[packet] }

  /// Whether a packet begins its way at a moment.
  func isStart(_ index: Int) -> Bool {
    switch trace.events[index].kind {
    case .sent, .duplicated: true
    default: false
    }
  }

  /// The place of the event under which the ladder shows a moment; nil if it does not.
  func rung(at index: Int) -> Int? {
    switch trace.events[index].kind {
    case .report, .table(.removed): index
    default: packet(at: index).flatMap { starts[$0] }
    }
  }

  // MARK: - Bytes

  /// The packet's bytes at a moment: as a router sends them on, or as it got them while it looks at
  /// them. Nil if the moment concerns no packet.
  func bytes(at index: Int) -> [UInt8]? {
    guard let carrier = carriers[index] else { return nil }
    switch trace.events[carrier].kind {
    case .sent(_, let bytes, _), .delivered(_, let bytes): return bytes
    case .forwarded(_, let before, let after): return carrier == index ? after.bytes : before.bytes
    case .dropped(_, let passage, _), .consumed(_, let passage, _): return passage.bytes
    case .lost(let packet, _, _), .duplicated(let packet, _):
      let earlier = trace.events.prefix(carrier).lastIndex { event in
        guard event.packet == packet else { return false }
        switch event.kind {
        case .lost, .duplicated: return false
        default: return true
        }
      }
      if let earlier { return bytes(at: earlier) }
      // A copy has the bytes of its original.
      return starts[packet].flatMap { $0 < carrier ? bytes(at: $0) : nil }
    case .table, .report: return nil
    }
  }

  /// The packet's bytes before a router passed it on at this moment; nil at other moments.
  func bytesBefore(_ index: Int) -> [UInt8]? {
    guard case .forwarded(_, let before, _) = trace.events[index].kind else { return nil }
    return before.bytes
  }

  // MARK: - Causes

  private func carrier(of index: Int) -> Int? {
    switch trace.events[index].kind {
    case .table(.removed): nil
    // A table is changed before the packet goes on; one that a packet's own host's filter drops has
    // changed it before.
    case .table: neighbor(of: index, by: 1) ?? neighbor(of: index, by: -1)
    case .report: reported(at: index)
    default: index
    }
  }

  /// The packet of which a program reports: one that has just reached it.
  private func reported(at index: Int) -> Int? {
    guard let other = neighbor(of: index, by: -1),
      case .delivered = trace.events[other].kind
    else { return nil }
    return other
  }

  /// The nearest event with a packet, at the same node and time.
  private func neighbor(of index: Int, by step: Int) -> Int? {
    let event = trace.events[index]
    var other = index + step
    while trace.events.indices.contains(other), trace.events[other].node == event.node,
      trace.events[other].time == event.time
    {
      if trace.events[other].packet != nil { return other }
      other += step
    }
    return nil
  }
}
