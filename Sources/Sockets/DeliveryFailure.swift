import CLinux
import Glibc
public import TransportAddress

/// Why something that a socket has sent did not arrive.
public struct DeliveryFailure: Hashable, Sendable {
  /// Who has said so.
  public enum Origin: Hashable, Sendable {
    /// A router or the destination, by an ICMP message of this type and code.
    case icmp(type: UInt8, code: UInt8)
    /// This host: the datagram is too long for the link or the known path.
    case local
  }

  /// Where it was sent to.
  public var destination: TransportAddress
  /// Who has said so.
  public var origin: Origin
  /// The reason as an `errno`: `ECONNREFUSED` for a port that no program listens at.
  public var code: Int32
  /// The longest packet that can go there, in bytes, where it was too long; otherwise zero.
  public var mtu: UInt32

  /// A failure with all that is known about it.
  public init(destination: TransportAddress, origin: Origin, code: Int32, mtu: UInt32 = 0) {
    self.destination = destination
    self.origin = origin
    self.code = code
    self.mtu = mtu
  }
}

extension DeliveryFailure: CustomStringConvertible {
  /// The destination and the system's words for the reason.
  public var description: String { "\(destination): \(String(cString: strerror(code)))" }
}

extension UDPSocket {
  /// Takes the next error of what was sent; nil if there is none.
  ///
  /// - Throws: ``SocketError`` where the kernel does not tell.
  public func takeFailure() throws(SocketError) -> DeliveryFailure? {
    var destination = linux_endpoint()
    var error = linux_udp_error()
    switch linux_udp_take_error(descriptor, &destination, &error) {
    case 0: return nil
    case 1:
      return DeliveryFailure(
        destination: TransportAddress(destination),
        origin: error.isLocal != 0 ? .local : .icmp(type: error.type, code: error.code),
        code: error.reason, mtu: error.reason == EMSGSIZE ? error.information : 0)
    default: throw SocketError("ask what became of datagrams")
    }
  }

  /// Sets whether datagrams may be fragmented, here and on their way (the DF bit of IPv4).
  ///
  /// - Throws: ``SocketError`` where the kernel refuses.
  public func forbidFragments(_ isForbidden: Bool) throws(SocketError) {
    let isV6: Int32 = if case .v6 = localAddress.address { 1 } else { 0 }
    guard linux_udp_forbid_fragments(descriptor, isV6, isForbidden ? 1 : 0) == 0 else {
      throw SocketError("set the DF bit")
    }
  }

  /// The address of this host that packets to a destination leave from.
  ///
  /// - Throws: ``SocketError`` where there is no route.
  public static func source(for destination: TransportAddress) throws(SocketError) -> IPAddress {
    var target = linux_endpoint(destination)
    var source = linux_endpoint()
    guard linux_udp_source(&target, &source) == 0 else {
      throw SocketError("find a route to \(destination.address)")
    }
    return TransportAddress(source).address
  }
}
