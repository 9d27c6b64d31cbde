import TransportAddress

/// A candidate of the peer's that no pair is made of, and why.
public struct LeftOutCandidate: Hashable, Sendable {
  /// Why no pair is made of a candidate.
  public enum Reason: Hashable, Sendable {
    /// It has a name in place of an address (RFC 8839 §5.1).
    case name
    /// Its address has a zone, which means something on the peer's host alone (RFC 4007 §11.2).
    case zone
    /// The agent does not speak its transport protocol; the token of it.
    case transport(String)
  }

  /// The candidate as it was signaled.
  public let line: CandidateAttribute
  /// The index of its data stream.
  public let stream: Int
  /// Why it is left out.
  public let reason: Reason

  /// Why a candidate is left out; nil if it is not.
  static func reason(for line: CandidateAttribute) -> Reason? {
    switch line.transport {
    case .udp: break
    case .tcp: return .transport("TCP")
    case .other(let token): return .transport(token)
    }
    switch line.host {
    case .address: return nil
    case .name: return .name
    case .zoned: return .zone
    }
  }
}

extension LeftOutCandidate: CustomStringConvertible {
  /// Type, place and reason: `host 4a0c6d7e-12.local:5000: only mDNS resolves …`.
  public var description: String {
    let place =
      switch line.host {
      case .address(.v4(let address)): "\(address)"
      case .address(.v6(let address)): "[\(address)]"
      case .name(let name): name
      case .zoned(let text): "[\(text)]"
      }
    return "\(line.type.token) \(place):\(line.port): \(words)"
  }

  private var words: String {
    switch reason {
    case .transport(let token): "this agent does not speak \(token) with peers"
    case .name where isOfMDNS: "only mDNS resolves such a name, on its own link (RFC 6762)"
    case .name: "this agent resolves no names (RFC 8839 §5.1)"
    case .zone: "a zone leads somewhere on the peer's own host alone (RFC 4007 §11.2)"
    }
  }

  private var isOfMDNS: Bool {
    guard case .name(let name) = line.host else { return false }
    let labels = name.lowercased().split(separator: ".")
    return labels.last == "local"
  }
}
