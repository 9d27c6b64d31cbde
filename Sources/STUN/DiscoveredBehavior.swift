public import TransportAddress

/// What behaviour discovery has found; nil is what could not be found out.
public struct DiscoveredBehavior: Hashable, Sendable {
  /// Where the server saw the client; nil when it never answered.
  public var mapped: TransportAddress?
  /// Whether that is the client's own address: there is no NAT.
  public var isLocal = false
  /// Whether something on the way rewrites addresses inside packets: MAPPED-ADDRESS differs from
  /// XOR-MAPPED-ADDRESS. RFC 5780 §3.6.
  public var hasALG = false
  public var mapping: EndpointDependence?
  public var filtering: EndpointDependence?
  public var hairpins: Bool?

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
      lines.append("hairpinning: " + (hairpins.map { $0 ? "yes" : "no" } ?? "not found out"))
    }
    if hasALG { lines.append("something on the way rewrites addresses inside packets") }
    return lines.joined(separator: "\n")
  }
}
