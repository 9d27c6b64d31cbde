/// The number of a node in its network: a host, a router or the Internet, in the order of drawing.
public struct NodeID: Hashable, Comparable, Sendable {
  /// The number; the Internet has 0.
  public let index: Int

  init(_ index: Int) {
    self.index = index
  }

  /// The public Internet, which is part of every network.
  public static let internet = NodeID(0)

  /// Orders by the time of drawing.
  public static func < (left: NodeID, right: NodeID) -> Bool { left.index < right.index }
}

/// A host of one network.
public struct HostID: Hashable, Sendable {
  /// The host among all nodes.
  public let node: NodeID
  let index: Int
}

extension HostID {
  /// The interface that the host was drawn with.
  public var interface: InterfaceID { InterfaceID(node: node, host: self) }
}

/// An interface of a host: its link to a router, with addresses of its own.
public struct InterfaceID: Hashable, Sendable {
  /// The interface among all nodes; the host's own node for the one that it was drawn with.
  public let node: NodeID
  /// The host.
  public let host: HostID
}

/// A router of one network: a NAT, a firewall or both.
public struct RouterID: Hashable, Sendable {
  /// The router among all nodes.
  public let node: NodeID
  let index: Int
}

/// The number of a packet, which it keeps on its way through NATs; a duplicate has its own.
public struct PacketID: Hashable, Comparable, Sendable {
  /// The number, counted from 1.
  public let number: Int

  init(_ number: Int) {
    self.number = number
  }

  /// Orders by the time of sending.
  public static func < (left: PacketID, right: PacketID) -> Bool { left.number < right.number }
}
