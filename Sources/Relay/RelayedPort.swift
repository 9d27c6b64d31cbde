internal import STUNCodec
internal import Sockets
internal import TransportAddress

/// How much went through an allocation.
public struct Traffic: Hashable, Sendable {
  /// Datagrams to peers.
  public internal(set) var sentCount = 0
  /// Their data, in bytes.
  public internal(set) var sentByteCount = 0
  /// Datagrams from peers that the client got.
  public internal(set) var receivedCount = 0
  /// Their data, in bytes.
  public internal(set) var receivedByteCount = 0

  /// Nothing yet.
  public init() {}

  mutating func sent(_ count: Int, byteCount: Int) {
    sentCount += count
    sentByteCount += byteCount
  }

  mutating func received(_ byteCount: Int) {
    receivedCount += 1
    receivedByteCount += byteCount
  }

  static func += (left: inout Traffic, right: Traffic) {
    left.sentCount += right.sentCount
    left.sentByteCount += right.sentByteCount
    left.receivedCount += right.receivedCount
    left.receivedByteCount += right.receivedByteCount
  }
}

/// The socket of a relayed transport address.
///
/// It lets routers fragment what it sends, until a client wants the DF bit. From then on it forbids
/// that by default, and allows it for each datagram that does not want the bit: otherwise the kernel
/// would not tell of the ICMP errors that follow, which come later.
final class RelayedPort {
  let id: SocketID
  let address: TransportAddress
  let socket: UDPSocket
  var traffic = Traffic()
  private var forbidsFragments = false

  init(_ id: SocketID, _ socket: UDPSocket) throws(SocketError) {
    self.id = id
    self.socket = socket
    address = socket.localAddress
    try socket.forbidFragments(false)
  }

  /// Has a part of the loop's buffer leave for a peer, with what else leaves by the socket.
  func forward(
    _ range: Range<Int>, of loop: inout SocketLoop, to peer: TransportAddress, dontFragment: Bool
  ) {
    guard !forbidsFragments, !dontFragment else {
      // What was sent before must not get the other setting.
      loop.flush()
      return send(loop.packet.extracting(range), to: peer, dontFragment: dontFragment)
    }
    loop.forward(range, on: socket, to: peer)
    traffic.sent(1, byteCount: range.count)
  }

  /// Sends a datagram to a peer; one that cannot be sent is lost, as on any network.
  func send(_ data: Span<UInt8>, to peer: TransportAddress, dontFragment: Bool) {
    do throws(SocketError) {
      if dontFragment, !forbidsFragments {
        try socket.forbidFragments(true)
        forbidsFragments = true
      }
      if forbidsFragments, !dontFragment {
        try socket.forbidFragments(false)
        defer { try? socket.forbidFragments(true) }
        try socket.send(data, to: peer)
      } else {
        try socket.send(data, to: peer)
      }
      traffic.sent(1, byteCount: data.count)
    } catch {
      // No route, or too long for the link, of which the socket's failures tell.
    }
  }
}

extension DeliveryFailure {
  /// What a client is told about it (RFC 8656 §18.13).
  ///
  /// A datagram that is too long for the relay's own link is reported as a router would report it.
  var icmp: ICMPAttribute? {
    switch (origin, destination.address) {
    case (.icmp(let type, let code), .v4):
      // The MTU stands in the data of "fragmentation needed" alone.
      ICMPAttribute(type: type, code: code, data: type == 3 && code == 4 ? mtu : 0)
    case (.icmp(let type, let code), .v6):
      ICMPAttribute(type: type, code: code, data: type == 2 ? mtu : 0)
    case (.local, .v4) where mtu > 0: ICMPAttribute(type: 3, code: 4, data: mtu)
    case (.local, .v6) where mtu > 0: ICMPAttribute(type: 2, code: 0, data: mtu)
    case (.local, _): nil
    }
  }
}
