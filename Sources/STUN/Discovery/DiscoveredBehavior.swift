public import TransportAddress

/// What behavior discovery has found; nil is what could not be found out.
public struct DiscoveredBehavior: Hashable, Sendable {
  /// The address at which the server saw the client; nil when it never answered.
  public var mapped: TransportAddress?
  /// Whether that is the client's own address: there is no NAT.
  public var isLocal = false
  /// Whether something on the way rewrites addresses inside packets: MAPPED-ADDRESS differs from
  /// XOR-MAPPED-ADDRESS (RFC 5780 §3.6).
  public var hasALG = false
  /// On what of a destination the NAT's mapping depends (RFC 4787 §4.1).
  public var mapping: EndpointDependence?
  /// On what of a source the NAT's filtering depends (RFC 4787 §5).
  public var filtering: EndpointDependence?
  /// Whether a packet from the inside to a mapped address comes back inside (RFC 4787 §6).
  public var supportsHairpinning: Bool?

  /// Nothing found yet.
  public init() {}
}

extension DiscoveredBehavior: CustomStringConvertible {
  /// A line for each thing found.
  public var description: String {
    guard let mapped else { return "no answer: the path or the server does not carry UDP" }
    var lines = ["mapped to \(mapped)" + (isLocal ? ", the client's own address: no NAT" : "")]
    lines.append("mapping: " + (mapping.map { "\($0)" } ?? "not found out"))
    lines.append("filtering: " + (filtering.map { "\($0)" } ?? "not found out"))
    if !isLocal {
      lines.append(
        "hairpinning: " + (supportsHairpinning.map { $0 ? "yes" : "no" } ?? "not found out"))
    }
    if hasALG { lines.append("something on the way rewrites addresses inside packets") }
    return lines.joined(separator: "\n")
  }
}
