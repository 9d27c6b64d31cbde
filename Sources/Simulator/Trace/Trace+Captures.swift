public import Router
import SansIO

/// What would have been captured at an interface.
extension Trace {
  /// An interface at which packets could be captured: one of a host, or a side of a router.
  public struct CapturePoint: Hashable, Sendable {
    /// The host, its further interface, or the router.
    public let node: NodeID
    /// Which link of a router; a host has one, on the outside.
    public let side: NATRouter.Side
    /// A name for a file of its packets: `alice.pcap`, `phone-cell.pcap`, `home-inside.pcap`.
    public let fileName: String
  }

  /// The interfaces of all hosts and routers, in the order of drawing; no two have the same file name.
  public var capturePoints: [CapturePoint] {
    var taken: Set<String> = []
    var points: [CapturePoint] = []
    for (index, node) in nodes.enumerated() where node.kind != .internet {
      for side: NATRouter.Side in node.kind == .host ? [.outside] : [.outside, .inside] {
        let name =
          String(node.name.map { $0 == "/" ? "-" : $0 })
          + (node.kind == .host ? "" : "-\(side.name)")
        var number = 1
        while !taken.insert(number == 1 ? name : "\(name)-\(number)").inserted { number += 1 }
        let fileName = (number == 1 ? name : "\(name)-\(number)") + ".pcap"
        points.append(CapturePoint(node: NodeID(index), side: side, fileName: fileName))
      }
    }
    return points
  }

  /// The packets that went through an interface, as a pcap file of raw IP packets.
  ///
  /// Its times are kept to the nanosecond and begin at ``captureStart``. `Capture` writes and reads more
  /// kinds of files; it belongs to the program, which no protocol uses, and this kind has one header of
  /// 24 bytes.
  /// - Parameter side: which link of a router; a host has one, on the outside.
  /// - Complexity: O(the events, and the bytes of the packets).
  public func pcap(of node: NodeID, _ side: NATRouter.Side = .outside) -> [UInt8] {
    var file = Self.pcapHeader
    for event in events where event.node == node { file += event.pcapRecords(on: side) }
    return file
  }

  /// The time of day at which captures begin, since 1970: midnight before January 1, 2000, UTC.
  ///
  /// A network's clock begins at zero and is no time of day, and the same seed gives the same bytes
  /// whenever it runs. In UTC, as tshark has it with `-t ud`, minutes and seconds are the network's own.
  /// Zero itself would be 1970, which some programs take for a missing time.
  public static let captureStart: Duration = .seconds(946_684_800)

  /// The 24 bytes with which a pcap file begins.
  public static var pcapHeader: [UInt8] {
    var file: [UInt8] = []
    // Version 2.4, times in UTC without a claim of accuracy, up to 256 KiB of each packet, and
    // LINKTYPE_RAW.
    file.append(little: 0xA1B2_3C4D)
    file.append(little: 4 << 16 | 2)
    file.append(little: 0)
    file.append(little: 0)
    file.append(little: 262_144)
    file.append(little: 101)
    return file
  }
}

extension Trace.Event {
  /// The packets on a side of the node at that moment, as records of a pcap file, of which there may be
  /// none.
  ///
  /// - Parameter start: the time of day at which the network's clock began, since 1970.
  public func pcapRecords(
    on side: NATRouter.Side, from start: Duration = Trace.captureStart
  ) -> [UInt8] {
    var records: [UInt8] = []
    let nanoseconds = start.wholeNanoseconds + time.nanoseconds
    for passage in kind.passages where passage.side == side {
      records.append(little: UInt32(truncatingIfNeeded: nanoseconds / 1_000_000_000))
      records.append(little: UInt32(nanoseconds % 1_000_000_000))
      records.append(little: UInt32(passage.bytes.count))
      records.append(little: UInt32(passage.bytes.count))
      records += passage.bytes
    }
    return records
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
