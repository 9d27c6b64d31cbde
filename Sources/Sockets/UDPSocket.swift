import CLinux
import Glibc
public import TransportAddress

/// A UDP socket that does not block; it is closed with the last reference to it.
///
/// A socket at an unspecified address (`0.0.0.0`, `::`) serves all of the host's addresses: each
/// datagram says which of them it was sent to, so that a response can leave from there (RFC 8489
/// §6.3.1.2 demands it of a server).
public final class UDPSocket: Sendable {
  let descriptor: Int32
  /// The endpoint that the socket is bound to, with the port that the kernel chose for port 0.
  public let localAddress: TransportAddress
  /// Whether ICMP errors about what was sent are kept for ``takeFailure()``.
  public let keepsErrors: Bool

  /// A datagram that was received, without its bytes.
  public struct Arrival: Hashable, Sendable {
    /// The bytes that are in the buffer.
    public var count: Int
    /// The endpoint that sent it.
    public var source: TransportAddress
    /// This host's endpoint that it was sent to.
    public var destination: TransportAddress
    /// The index of the interface that it came in by.
    public var interface: UInt32
    /// Whether the datagram was longer than the buffer; its rest is lost.
    public var isTruncated: Bool
  }

  /// Opens a socket.
  ///
  /// - Parameters:
  ///   - address: one of this host's, or an unspecified one; the kernel replaces port 0.
  ///   - keepsErrors: whether ICMP errors about what is sent are kept for ``takeFailure()``.
  ///   - joins: whether the endpoint may be that of sockets that share it, as ``shareEndpoint()`` has it.
  /// - Throws: ``SocketError`` where the kernel refuses, as for an endpoint in use.
  public init(
    boundTo address: TransportAddress, keepsErrors: Bool = false, joins: Bool = false
  ) throws(SocketError) {
    var local = linux_endpoint(address)
    self.keepsErrors = keepsErrors
    descriptor = linux_udp_open(&local, joins ? 1 : 0)
    guard descriptor >= 0 else { throw SocketError("open a UDP socket at \(address)") }
    guard linux_socket_name(descriptor, &local) == 0,
      !keepsErrors || linux_udp_keep_errors(descriptor, Int32(local.isV6)) == 0
    else {
      let error = SocketError("ask for the address of a UDP socket")
      close(descriptor)
      throw error
    }
    localAddress = TransportAddress(local)
  }

  /// Opens a socket that receives what comes by one interface to a multicast group, and sends nothing.
  ///
  /// Other programs may have the group's port, too; each receives all.
  ///
  /// - Parameters:
  ///   - group: the group's address and port.
  ///   - interface: the number of the interface.
  /// - Throws: ``SocketError`` where the kernel refuses.
  public init(receivingAt group: TransportAddress, interface: UInt32) throws(SocketError) {
    keepsErrors = false
    descriptor = try Self.openGroup(group, interface: interface)
    localAddress = group
  }

  deinit { close(descriptor) }

  /// Lets further sockets of this user's join at the same endpoint (SO_REUSEPORT): the kernel then gives
  /// all datagrams of one 5-tuple to one of them, as long as their number stays.
  ///
  /// - Throws: ``SocketError`` where the kernel cannot.
  public func shareEndpoint() throws(SocketError) {
    // Not before it is bound: it would join what another program has there.
    var yes: Int32 = 1
    guard
      setsockopt(
        descriptor, SOL_SOCKET, SO_REUSEPORT, &yes, socklen_t(MemoryLayout<Int32>.size)) == 0
    else { throw SocketError("share the UDP port of \(localAddress)") }
  }

  /// Has the kernel hand over datagrams of one flow as one, and not tell of each where it came to if that
  /// is always the same; a kernel that cannot goes on as before.
  func prepareForBatches() {
    _ = linux_udp_put_together(descriptor)
    if localAddress.address.classification == .unspecified { return }
    // The link is part of a link-local destination.
    if localAddress.address.classification == .linkLocal { return }
    let isV6: Int32 = if case .v6 = localAddress.address { 1 } else { 0 }
    _ = linux_udp_tell_destination(descriptor, isV6, 0)
  }

  /// Sets how many bytes of datagrams may wait to be received, as far as the system's limit allows.
  public func setReceiveBuffer(byteCount: Int32) {
    _ = linux_udp_set_receive_buffer(descriptor, byteCount)
  }

  /// Takes the next datagram.
  ///
  /// - Returns: nil if none is waiting.
  /// - Throws: ``SocketError`` for other reasons than that.
  public func receive(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SocketError) -> Arrival? {
    var source = linux_endpoint()
    var destination = linux_endpoint()
    var isTruncated: Int32 = 0
    var errorCount = 0
    while true {
      let count = linux_udp_receive(
        descriptor, buffer.baseAddress, UInt(buffer.count), &source, &destination, &isTruncated)
      if count >= 0 {
        destination.port = localAddress.port
        return Arrival(
          count: count, source: TransportAddress(source),
          destination: TransportAddress(destination), interface: destination.interface,
          isTruncated: isTruncated != 0)
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: return nil
      // An error of something sent, which `takeFailure()` tells of; it is reported only once.
      case _ where keepsErrors && errorCount < 16: errorCount += 1
      case let code: throw SocketError("receive at \(localAddress)", code: code)
      }
    }
  }

  /// Sends a datagram.
  ///
  /// - Parameters:
  ///   - source: the address of this host that it leaves from; nil leaves the choice to the kernel.
  ///   - interface: the link that a link-local `destination` or `source` is on.
  /// - Returns: whether it was handed to the network; false where a queue is full, which is a loss like
  ///   any other on the way.
  /// - Throws: ``SocketError`` where it cannot be sent: too long, no route, not permitted.
  @discardableResult
  public func send(
    _ bytes: Span<UInt8>, to destination: TransportAddress, from source: IPAddress? = nil,
    interface: UInt32 = 0
  ) throws(SocketError) -> Bool {
    var departure = linux_departure()
    departure.destination = linux_endpoint(destination)
    departure.destination.interface = interface
    if let source {
      departure.source = linux_endpoint(TransportAddress(source, port: 0))
      departure.source.interface = interface
      departure.hasSource = 1
    }
    let code: Int32 = bytes.withUnsafeBufferPointer { bytes in
      departure.bytes = UnsafeRawPointer(bytes.baseAddress)
      departure.count = UInt32(bytes.count)
      var hasFailed = false
      while true {
        if linux_udp_send_many(descriptor, &departure, 1) > 0 { return 0 }
        switch errno {
        case EINTR: continue
        // This may be an error of something sent before, which stands in the way once.
        case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EACCES, EPROTO:
          guard keepsErrors, !hasFailed else { return errno }
          hasFailed = true
        case let code: return code
        }
      }
    }
    switch code {
    case 0: return true
    case EAGAIN, ENOBUFS: return false
    default: throw SocketError("send to \(destination)", code: code)
    }
  }

  /// Answers a datagram: from the endpoint that it was sent to, by the link that it came in by.
  ///
  /// - Returns: as ``send(_:to:from:interface:)``.
  @discardableResult
  public func respond(_ bytes: Span<UInt8>, to arrival: Arrival) throws(SocketError) -> Bool {
    try send(
      bytes, to: arrival.source, from: arrival.destination.address, interface: arrival.interface)
  }
}

extension linux_endpoint {
  init(_ endpoint: TransportAddress) {
    self.init()
    port = endpoint.port
    withUnsafeMutableBytes(of: &address) { bytes in
      switch endpoint.address {
      case .v4(let v4):
        bytes.storeBytes(of: v4.rawValue.bigEndian, as: UInt32.self)
      case .v6(let v6):
        bytes.storeBytes(of: v6.high.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: v6.low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
    }
    if case .v6 = endpoint.address { isV6 = 1 }
  }
}

extension TransportAddress {
  init(_ endpoint: linux_endpoint) {
    let address: IPAddress = withUnsafeBytes(of: endpoint.address) { bytes in
      // The array of bytes need not be aligned.
      if endpoint.isV6 == 0 {
        .v4(IPv4Address(rawValue: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
      } else {
        .v6(
          IPv6Address(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))))
      }
    }
    self.init(address, port: endpoint.port)
  }
}
