import IPPacket
import Router
import SansIO
import TransportAddress

/// A packet on its way to a node.
struct Flight: Sendable {
  var packet = PacketID(0)
  /// The packet, its IP header first.
  var bytes: [UInt8] = []
  /// The node where it arrives.
  var node = NodeID.internet
  /// The node at the other end of the link.
  var sender = NodeID.internet

  var isV6: Bool { bytes[0] >> 4 == 6 }

  /// Its destination, if it is an IPv4 packet.
  var destinationV4: IPv4Address { bytes.span.addressV4(at: 16) }

  /// Its destination, if it is an IPv6 packet.
  var destinationV6: IPv6Address { bytes.span.addressV6(at: 24) }

  /// What is to be done about a link's MTU that it exceeds.
  func fit(_ mtu: Int) -> LinkFit { LinkFit(bytes.span, mtu: mtu) }

  mutating func passes(from node: NodeID, to next: NodeID) {
    sender = node
    self.node = next
  }

  /// Takes the bytes out, so that they have one owner.
  mutating func takeBytes() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &bytes)
    return taken
  }
}

/// Packets on their way, each at a place among the flights that it keeps from hop to hop.
///
/// Routers translate a packet where it is, and a hop moves no bytes. A packet that ends leaves its
/// memory to the next one that gets its place.
extension Network {
  /// How many places keep the memory of a packet that has ended.
  private static var keptCount: Int { 1024 }

  /// How many packets are on their way.
  var flightCount: Int { flights.count - freePlaces.count }

  /// A place for a new packet, whose bytes are those of one that has ended.
  mutating func newFlight() -> Int {
    let place = takePlace()
    packetCount += 1
    flights[place].packet = PacketID(packetCount)
    return place
  }

  /// A place for a new packet.
  mutating func newFlight(_ bytes: consuming [UInt8]) -> Int {
    let place = newFlight()
    flights[place].bytes = bytes
    return place
  }

  /// A place for a packet that has waited at a router.
  mutating func resumeFlight(_ flight: consuming Flight) -> Int {
    let place = takePlace()
    flights[place] = flight
    return place
  }

  private mutating func takePlace() -> Int {
    if let free = freePlaces.popLast() { return free }
    flights.append(Flight())
    return flights.count - 1
  }

  /// Frees the place of a packet that has ended.
  mutating func endFlight(_ place: Int) {
    // The trace keeps what it has recorded.
    if isTracing || place >= Self.keptCount { flights[place].bytes = [] }
    freePlaces.append(place)
  }

  // MARK: - Links

  /// Sends a packet over the link of a node: up from it, or down to it.
  mutating func transmit(_ place: Int, from node: NodeID, to next: NodeID) {
    let isUp = nodes[node.index].parent == next
    let link = isUp ? node.index : next.index
    guard nodes[link].isLinked else { return lose(place, .linkGone, from: node, to: next) }
    flights[place].passes(from: node, to: next)
    let count = flights[place].bytes.count
    // Most links are plain, and need not be changed for each packet.
    if let arrival = nodes[link].link.plainArrival(count, at: time) {
      return queue.add(.arrival(place), at: arrival)
    }
    switch nodes[link].link.carry(count, isUp ? .up : .down, at: time, using: &generator) {
    case .lost(let reason): lose(place, reason, from: node, to: next)
    case .arrives(let arrival, let again):
      queue.add(.arrival(place), at: arrival)
      if let again { duplicate(place, arrivingAt: again) }
    }
  }

  /// Sends the copy of a packet that a link delivers twice.
  private mutating func duplicate(_ place: Int, arrivingAt time: Instant) {
    let original = flights[place]
    let copy = newFlight(original.bytes)
    flights[copy].node = original.node
    flights[copy].sender = original.sender
    if isTracing {
      trace.record(
        .duplicated(original.packet, copy: flights[copy].packet), at: original.sender, self.time)
    }
    queue.add(.arrival(copy), at: time)
  }

  /// Ends a packet that its link loses.
  mutating func lose(_ place: Int, _ reason: Trace.Loss, from node: NodeID, to next: NodeID) {
    if isTracing {
      trace.record(.lost(flights[place].packet, next: next, reason), at: node, time)
    }
    endFlight(place)
  }

  // MARK: - Nodes

  /// Hands a packet to the node at the end of its link.
  mutating func arrived(_ place: Int) {
    let (node, sender) = (flights[place].node, flights[place].sender)
    switch nodes[node.index].role {
    case .host(let host):
      // The link may be gone that it came over.
      guard nodes[node.index].isLinked, nodes[node.index].parent == sender else {
        return lose(place, .linkGone, from: sender, to: node)
      }
      if hosts[host].isOutside { leave(place, at: host) } else { delivered(place, to: host) }
    case .router(let router):
      if routers[router].nat64 != nil {
        translate64(place, by: router)
      } else if routers[router].nat == nil {
        route(place, by: router)
      } else {
        translate(place, by: router)
      }
    }
  }

  /// A packet as it is now, on one side of a node.
  func passage(_ place: Int, _ side: NATRouter.Side) -> Trace.Passage {
    Trace.Passage(bytes: flights[place].bytes, side: side)
  }

  /// Ends a packet that a node drops.
  ///
  /// - Parameter before: the packet as it came to the node; it counts for the trace alone.
  mutating func drop(
    _ place: Int, _ before: Trace.Passage, _ reason: DropReason, at node: NodeID
  ) {
    if isTracing {
      trace.record(.dropped(flights[place].packet, before, reason), at: node, time)
    }
    endFlight(place)
  }

  /// Ends a packet that a router takes in.
  mutating func consume(
    _ place: Int, _ before: Trace.Passage, _ consumption: Trace.Consumption, at node: NodeID
  ) {
    if isTracing {
      trace.record(.consumed(flights[place].packet, before, consumption), at: node, time)
    }
    endFlight(place)
  }
}
