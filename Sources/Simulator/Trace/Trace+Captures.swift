public import Router
import SansIO

/// What would have been captured at an interface.
extension Trace {
  /// The packets that went through an interface, as a pcap file of raw IP packets.
  ///
  /// Its times are kept to the nanosecond and begin with 1970. `Capture` writes and reads more kinds of
  /// files; it belongs to the program, which no protocol uses, and this kind has one header of 24
  /// bytes.
  /// - Parameter side: which link of a router; a host has one, on the outside.
  /// - Complexity: O(the events, and the bytes of the packets).
  public func pcap(of node: NodeID, _ side: NATRouter.Side = .outside) -> [UInt8] {
    var file: [UInt8] = []
    // Version 2.4, times in UTC without a claim of accuracy, up to 256 KiB of each packet, and
    // LINKTYPE_RAW.
    file.append(little: 0xA1B2_3C4D)
    file.append(little: 4 << 16 | 2)
    file.append(little: 0)
    file.append(little: 0)
    file.append(little: 262_144)
    file.append(little: 101)
    for event in events where event.node == node {
      for passage in event.kind.passages where passage.side == side {
        let time = event.time.nanoseconds
        file.append(little: UInt32(truncatingIfNeeded: time / 1_000_000_000))
        file.append(little: UInt32(time % 1_000_000_000))
        file.append(little: UInt32(passage.bytes.count))
        file.append(little: UInt32(passage.bytes.count))
        file += passage.bytes
      }
    }
    return file
  }
}

extension Trace.Kind {
  /// The packets on the node's links at that moment, in order.
  var passages: [Trace.Passage] {
    switch self {
    case .sent(_, let bytes, let side): [Trace.Passage(bytes: bytes, side: side)]
    case .forwarded(_, let before, let after): [before, after]
    case .consumed(_, let passage, _), .dropped(_, let passage, _): [passage]
    case .delivered(_, let bytes): [Trace.Passage(bytes: bytes, side: .outside)]
    case .lost, .duplicated, .table, .report: []
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(little word: UInt32) {
    for shift in stride(from: UInt32(0), through: 24, by: 8) {
      append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }
}
