public import TURN

/// The URI of a STUN or TURN server, as web pages have it (RFC 7064 and RFC 7065).
public struct ServerURI: Hashable, Sendable {
  /// What the server is asked for.
  public enum Kind: Hashable, Sendable {
    /// The client's address: `stun:`.
    case stun
    /// A relayed address: `turn:`.
    case turn
  }

  /// What the server is asked for.
  public let kind: Kind
  /// Host, port and transport; the two kinds of URIs differ in nothing but the scheme.
  public let location: TURNURI
  /// The URI as it was given.
  public let text: String

  /// Why a text is no URI of a server.
  public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and where.
    public var description: String
  }

  /// Parses the whole text.
  ///
  /// - Throws: where it is neither a STUN nor a TURN URI.
  public init(parsing text: String) throws(ParseError) {
    self.text = text
    let scheme = text.prefix { $0 != ":" }.lowercased()
    kind = scheme == "stun" || scheme == "stuns" ? .stun : .turn
    do throws(TURNURI.ParseError) {
      // The schemes are equally long, so that offsets stay right.
      location = try TURNURI(parsing: kind == .stun ? "turn" + text.dropFirst(4) : text)
    } catch {
      let whole = error.reason == .scheme ? "a server begins with stun: or turn:" : "\(error)"
      throw ParseError(description: "\(text): \(whole)")
    }
    guard kind == .turn || location.transport == nil else {
      throw ParseError(description: "\(text): STUN URIs name no transport (RFC 7064 §3.1)")
    }
  }

  /// How the server is reached.
  public enum Way: Hashable, Sendable {
    /// By UDP datagrams, in clear.
    case udp
    /// By TCP, in clear.
    case tcp
    /// By TLS over TCP.
    case tls
    /// By something that cannot be tried: DTLS, or an unknown transport.
    case unknown
  }

  /// How the server is reached: where the URI leaves it open, by UDP, and securely by TLS over TCP
  /// (RFC 5928 §3 would try UDP, then TCP).
  public var way: Way {
    switch (location.isSecure, location.transport) {
    case (false, nil), (false, .udp?): .udp
    case (false, .tcp?): .tcp
    case (true, nil), (true, .tcp?): .tls
    default: .unknown
    }
  }

  /// The host as the certificate of a server must have it.
  public var hostName: String {
    switch location.host {
    case .name(let name): name
    case .address(let address): "\(address)"
    }
  }
}
