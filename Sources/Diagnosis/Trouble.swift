public import STUNCodec
public import Sockets
public import TLS
public import TransportAddress

/// What is wrong, as far as the step that failed tells.
public enum Trouble: Hashable, Sendable {
  /// The name has no address.
  case unknownHost(String)
  /// No name server answers for the server's name.
  case unansweredName(String)
  /// The name's records say that there is no such server.
  case notOffered(String)
  /// This machine has no way to the server.
  case noRoute(String)
  /// An ICMP error came back: the port is closed, or a router refuses.
  case icmp(isPortClosed: Bool, port: UInt16)
  /// No answer to a Binding request.
  case silence(server: TransportAddress)
  /// No connection by TCP: refused, or no way there.
  case connect(SocketError, server: TransportAddress)
  /// No answer to the first packet of a TCP connection.
  case connectSilence(server: TransportAddress)
  /// The TLS handshake has failed, with a server that should have this name.
  case tls(TLSFailure, name: String, port: UInt16)
  /// The server closes the connection when TLS begins.
  case tlsClosed(port: UInt16)
  /// The server says nothing when TLS begins.
  case tlsSilence(port: UInt16)
  /// What comes over the connection is not STUN.
  case foreign(firstByte: UInt8, port: UInt16)
  /// The server closes the connection instead of answering.
  case closedUnanswered(port: UInt16)
  /// The connection is there, and nothing comes by it.
  case streamSilence(port: UInt16)
  /// No answer to an Allocate request, though the server answers Binding requests.
  case allocateSilence
  /// The server has sent on to another, which does not answer.
  case alternateSilence(TransportAddress)
  /// What comes back by UDP is not STUN.
  case foreignDatagram(port: UInt16)
  /// 401 although credentials were sent, or had to be made up.
  case unauthenticated(ProbeCredentials, realm: String?, now: Int64)
  /// Another error response to an Allocate request.
  case allocateRefused(ErrorCode)
  /// Responses came, and none was protected with the key.
  case notAuthentic
  /// A response that cannot be used.
  case malformed
  /// The relayed address can be reached only inside a network.
  case relayedAddressInside(IPAddress, server: IPAddress)
  /// A permission was refused.
  case peerRefused(IPAddress, ErrorCode?)
  /// Data to the relayed address itself did not come back.
  case noLoop
  /// A datagram from here to the relayed address did not come in.
  case nothingFromOutside(relayed: TransportAddress)
  /// The answer through the relay did not come here.
  case nothingToOutside

  /// The likely causes, the likeliest first.
  public var causes: [String] {
    switch self {
    case .unknownHost(let name):
      ["the name \(name) is misspelled, or this machine's resolver does not know it"]
    case .unansweredName:
      [
        "this machine's name servers cannot be reached: it is not connected, or /etc/resolv.conf "
          + "names others"
      ]
    case .notOffered(let name):
      ["the owner of \(name) runs no such server there: ask for the name of one"]
    case .noRoute(let reason):
      ["this machine is not connected, or not with this address family (\(reason))"]
    case .icmp(true, let port):
      [
        "nothing listens for UDP at port \(port): the server is not running, has another port, "
          + "or serves TCP alone"
      ]
    case .icmp(false, _): ["a router on the way refuses: a firewall, or no such host"]
    case .silence(let server): Self.silence(server)
    case .connect(let error, let server): Self.connect(error, server)
    case .connectSilence(let server): Self.connectSilence(server)
    case .tls(let failure, let name, let port): failure.causes(name: name, port: port)
    case .tlsClosed(let port), .tlsSilence(let port):
      [
        "what listens at port \(port) does not speak TLS: TURN over plain TCP, turn: with "
          + "?transport=tcp, or another service",
        "a firewall lets the connection be made, and nothing through it that looks like TLS",
      ]
    case .foreign(0x15, let port):
      ["what listens at port \(port) speaks TLS: it is turns: or stuns: that it wants"]
    case .foreign(_, let port):
      ["what listens at port \(port) is no STUN or TURN server: another service has the port"]
    case .closedUnanswered(let port):
      [
        "what listens at port \(port) is no STUN or TURN server, or speaks TLS alone (turns:)",
        "the server has as many connections from here as it takes",
      ]
    case .streamSilence(let port):
      [
        "what listens at port \(port) is no STUN or TURN server, or speaks TLS alone (turns:)",
        "a firewall lets the connection be made, and nothing through it",
      ]
    case .allocateSilence:
      [
        "the server only does STUN, or its user database does not answer",
        "something on the way drops longer or unknown messages",
      ]
    case .alternateSilence(let other):
      [
        "the server sends on to \(other) (300, ALTERNATE-SERVER), and nothing there answers: its "
          + "operator must name one that does",
        "a firewall lets this machine reach the first server and not \(other)",
      ]
    case .foreignDatagram(let port):
      [
        "what listens for UDP at port \(port) is no STUN or TURN server: another service has the "
          + "port"
      ]
    case .unauthenticated(let credentials, let realm, let now):
      Self.unauthenticated(credentials, realm, now)
    case .allocateRefused(let code): Self.allocateRefused(code)
    case .notAuthentic:
      [
        "the server has another password for this user than the one given",
        "something on the way changes messages",
      ]
    case .malformed: ["the server does not speak TURN as RFC 8656 has it"]
    case .relayedAddressInside(let relayed, let server):
      [
        "the server gives out \(relayed), which cannot be reached from outside, while it is "
          + "reached at \(server): it stands behind a NAT and must be told its public address "
          + "(coturn: external-ip)"
      ]
    case .peerRefused(let peer, let code): Self.peerRefused(peer, code)
    case .noLoop:
      [
        "the server's NAT does not send packets back that come from inside (hairpinning); that "
          + "hurts only calls in which both sides use this relay",
        "the relay's own firewall drops what comes to its relayed ports",
      ]
    case .nothingFromOutside(let relayed):
      [
        "a firewall in front of the server drops UDP to its relayed ports: the whole range must "
          + "be open, not port \(relayed.port) alone",
        "this network lets UDP out to the server's port only",
      ]
    case .nothingToOutside: ["a firewall lets nothing out that comes from the relayed ports"]
    }
  }

  private static func silence(_ server: TransportAddress) -> [String] {
    inside(server) + [
      "this network drops UDP to port \(server.port), as offices and hotels do: only TURN over "
        + "TCP or TLS helps there",
      "a firewall in front of the server does not let UDP to port \(server.port) in",
      "the server is not running, or listens at another address",
    ]
  }

  /// What the address of a silent server says, where it is one that no outside knows.
  private static func inside(_ server: TransportAddress) -> [String] {
    guard server.address.isInside, server.address.classification != .loopback else { return [] }
    return [
      "\(server.address) is an address inside a network (\(server.address.classification)): it "
        + "can be reached only from there"
    ]
  }

  private static func connect(_ error: SocketError, _ server: TransportAddress) -> [String] {
    if error.isRefused {
      return [
        "nothing listens for TCP at port \(server.port): the server is not running, has another "
          + "port, or serves UDP alone"
      ]
    }
    if error.isTimeout { return connectSilence(server) }
    return ["a router on the way refuses, or there is no way there: a firewall, or no such host"]
  }

  private static func connectSilence(_ server: TransportAddress) -> [String] {
    inside(server) + [
      "a firewall drops TCP to port \(server.port), in front of the server or in this network: "
        + "port 443 is let out of most",
      "the server is not running, or listens at another address",
    ]
  }

  private static func unauthenticated(
    _ credentials: ProbeCredentials, _ realm: String?, _ now: Int64
  ) -> [String] {
    if credentials.isAnonymous {
      return ["the server wants credentials and none were given: say them with --user"]
    }
    let place = realm.map { " in the realm \"\($0)\"" } ?? ""
    guard let until = credentials.validUntil else {
      return [
        "the user \(credentials.username) is not known\(place), or has another password",
        "the server keeps keys that were made for another realm than it tells",
      ]
    }
    if until <= now {
      return [
        "the credentials were valid until \(now - until) s ago, by this machine's clock: fetch "
          + "new ones",
        "if they are new, the clock of this machine or of the service that made them is wrong",
      ]
    }
    return [
      "the service that made the credentials has another secret than the relay, or one with a "
        + "line break at its end",
      "the relay's clock is more than \(until - now) s ahead, so that they are over there",
      "the relay does not use such credentials (coturn: use-auth-secret)",
    ]
  }

  private static func allocateRefused(_ code: ErrorCode) -> [String] {
    switch code {
    case .forbidden:
      ["the server's operator does not let this user, or this address, allocate"]
    case .allocationMismatch:
      [
        "the server still has allocations for this machine's ports: three ports were tried; a NAT "
          + "that uses one port again too early does that"
      ]
    case .addressFamilyNotSupported: ["the server relays no addresses of IPv4"]
    case .wrongCredentials: ["another user has an allocation at the same port"]
    case .unsupportedTransportProtocol: ["the server does not relay UDP"]
    case .allocationQuotaReached:
      [
        "the user has as many allocations as the server gives: old ones last up to ten minutes",
        "many people share these credentials",
      ]
    case .insufficientCapacity:
      [
        "the server has no relayed port left: its range is too small for its users, or other "
          + "programs have the ports"
      ]
    case .tryAlternate: ["the server sends on to others, which send on, too"]
    case .unknownAttribute, .badRequest:
      ["the server does not understand the request: it may be older than RFC 5766"]
    default:
      code.hundreds == 5
        ? ["something is wrong on the server's side; its log says what"]
        : ["the server's log says what it did not like"]
    }
  }

  private static func peerRefused(_ peer: IPAddress, _ code: ErrorCode?) -> [String] {
    switch code {
    case .forbidden? where peer.isInside:
      [
        "the server refuses peers with addresses such as \(peer) "
          + "(\(peer.classification)), as it should unless they are meant to be reached"
      ]
    case .forbidden?: ["the server's operator denies \(peer) as a peer"]
    case .peerAddressFamilyMismatch?: ["the relayed address is of another family than \(peer)"]
    case .insufficientCapacity?: ["the allocation has as many permissions as it may have"]
    case nil: ["the server has stopped answering"]
    case let code?: ["the server's log says why it answers \(code)"]
    }
  }
}

extension IPAddress {
  /// Whether the address can be reached inside some network only. Examples' addresses stand for the
  /// Internet's.
  var isInside: Bool { classification != .global && classification != .documentation }
}
