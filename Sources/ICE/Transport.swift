extension Candidate {
  /// The transport protocol of a candidate, in capitals as candidate lines print it.
  public struct Transport: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue.uppercased()
    }

    /// The one that RFC 8445 is about.
    public static let udp = Transport(rawValue: "UDP")
    /// Defined by RFC 6544.
    public static let tcp = Transport(rawValue: "TCP")

    public var description: String { rawValue }
  }
}
