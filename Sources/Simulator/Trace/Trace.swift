public import NATTable
public import Router
public import SansIO
public import TransportAddress

/// All that happened in a network, in order: what each packet met at each hop, each change of a NAT's
/// table, and what the programs on the hosts reported.
///
/// It is an array to which a network only appends, and complete in itself: the pictures need no
/// network. The same network with the same seed gives the same trace, byte for byte.
public struct Trace: Hashable, Sendable {
  /// The nodes by number; the first is the Internet.
  public internal(set) var nodes: [Node] = []
  /// What happened, the earliest first.
  public internal(set) var events: [Event] = []
  /// The mappings that NATs had before the first event, by node: none, but in an excerpt.
  var earlierMappings: [NodeID: [NATTable.Mapping]] = [:]

  /// A node as far as a picture of it needs.
  public struct Node: Hashable, Sendable {
    /// Its name in the drawing.
    public let name: String
    /// What it is.
    public let kind: Kind
    /// The router above it; nil for the Internet.
    public let parent: NodeID?
    /// Its address on the link to that router, of IPv4 if it has one; a NAT's first external address.
    public let address: IPAddress?
    /// Its IPv6 address, if it has one beside an IPv4 address.
    public let address6: IPv6Address?
    /// A router's address on its inside, of IPv4 if it has one.
    public let gateway: IPAddress?
    /// A router's IPv6 address on its inside, if it has one beside an IPv4 address.
    public internal(set) var gateway6: IPv6Address?
    /// How a NAT behaves; nil for all else.
    public let nat: NATTable.Configuration?
    /// The host that this is a further interface of; nil for all else.
    public internal(set) var host: NodeID?

    /// Its addresses, IPv4 before IPv6.
    public var addresses: [IPAddress] { [address, address6.map { .v6($0) }].compactMap { $0 } }

    /// A router's addresses on its inside, IPv4 before IPv6.
    public var gateways: [IPAddress] { [gateway, gateway6.map { .v6($0) }].compactMap { $0 } }

    /// Whether it is a NAT between IPv6 and IPv4.
    public var isNAT64: Bool {
      if case .v6 = gateway { kind == .nat } else { false }
    }

    /// What a node is.
    public enum Kind: String, Hashable, Sendable {
      case internet
      case nat
      case firewall
      case host
    }
  }

  /// Something that happened at a node.
  public struct Event: Hashable, Sendable {
    /// When it happened.
    public let time: Instant
    /// Where it happened.
    public let node: NodeID
    /// What it was.
    public let kind: Kind

    /// The packet that it happened to; nil for a change of a table and a report.
    public var packet: PacketID? {
      switch kind {
      case .sent(let id, _, _), .forwarded(let id, _, _), .consumed(let id, _, _),
        .dropped(let id, _, _), .lost(let id, _, _), .duplicated(let id, _), .delivered(let id, _):
        id
      case .table, .report: nil
      }
    }
  }

  /// What can happen. A side is the link that a packet came by, or leaves by: a router has two.
  public enum Kind: Hashable, Sendable {
    /// A host sent a packet, or a router one of its own.
    case sent(PacketID, [UInt8], NATRouter.Side)
    /// A router passed a packet on, perhaps translated.
    case forwarded(PacketID, before: Passage, after: Passage)
    /// A router took a packet in and does more about it: an answer, fragments, or waiting.
    case consumed(PacketID, Passage, Consumption)
    /// A node dropped a packet.
    case dropped(PacketID, Passage, DropReason)
    /// The link to the next node lost a packet.
    case lost(PacketID, next: NodeID, Loss)
    /// The link from this node will deliver a packet twice, the second time by another number.
    case duplicated(PacketID, copy: PacketID)
    /// A packet reached a program on a host.
    case delivered(PacketID, [UInt8])
    /// The table of a NAT has changed.
    case table(TableChange)
    /// A program reported something.
    case report(String)
  }

  /// A packet's bytes on one side of a node.
  public struct Passage: Hashable, Sendable {
    /// The packet, its IP header first.
    public let bytes: [UInt8]
    /// The side.
    public let side: NATRouter.Side
  }

  /// What a router does about a packet that neither goes on nor is dropped.
  public enum Consumption: String, Hashable, Sendable {
    /// It was an echo request to the router, which replies.
    case answered
    /// It goes on as fragments, which are packets of their own.
    case fragmented
    /// It is a fragment that waits for the first of its datagram.
    case queued
  }

  /// Why a link lost a packet.
  public enum Loss: String, Hashable, Sendable {
    /// By chance, as ``Link/loss`` says.
    case onLink = "lost on the link"
    /// More bytes waited than the queue takes.
    case queueFull = "the link's queue is full"
    /// It is larger than the link's MTU, and nothing before the link said so.
    case tooLarge = "larger than the link's MTU"
    /// The host at its end has left the network.
    case linkGone = "the host has left the network"
  }

  /// A change of a NAT's table.
  public enum TableChange: Hashable, Sendable {
    /// A mapping is new.
    case made(NATTable.Mapping)
    /// A mapping has another filter or state.
    case changed(NATTable.Mapping)
    /// A mapping, or one of its filters, has got a new lifetime, and nothing else.
    case refreshed(NATTable.Mapping)
    /// A mapping is gone; it is given as it was last.
    case removed(NATTable.Mapping)

    /// The mapping.
    public var mapping: NATTable.Mapping {
      switch self {
      case .made(let mapping), .changed(let mapping), .refreshed(let mapping),
        .removed(let mapping):
        mapping
      }
    }
  }
}

extension Trace {
  mutating func record(_ kind: Kind, at node: NodeID, _ time: Instant) {
    events.append(Event(time: time, node: node, kind: kind))
  }
}
