/// The part of the remote endpoint that a NAT's behavior depends on (RFC 4787 §4.1, §5).
///
/// Section 4.1 defines the three values for mapping, section 5 for filtering.
@frozen
public enum EndpointDependence: Hashable, Sendable, CaseIterable {
  /// Nothing: one mapping for all remotes, or a filter that admits all of them.
  case endpointIndependent
  /// The remote's IP address, at any port.
  case addressDependent
  /// The remote's IP address and port.
  case addressAndPortDependent
}

// snippet.scope
extension EndpointDependence {
  /// The set of remote endpoints that this behavior does not distinguish from `remote`.
  @inlinable
  public func scope(of remote: TransportAddress) -> RemoteScope {
    switch self {
    case .endpointIndependent: .any
    case .addressDependent: .address(remote.address)
    case .addressAndPortDependent: .endpoint(remote)
    }
  }
}
// snippet.end

/// A set of remote endpoints: all of them, those of one address, or a single one.
@frozen
public enum RemoteScope: Hashable, Sendable {
  case any
  case address(IPAddress)
  case endpoint(TransportAddress)
}

extension EndpointDependence: CustomStringConvertible {
  /// The term of RFC 4787, in lower case.
  public var description: String {
    switch self {
    case .endpointIndependent: "endpoint-independent"
    case .addressDependent: "address-dependent"
    case .addressAndPortDependent: "address and port-dependent"
    }
  }
}

extension RemoteScope: CustomStringConvertible {
  /// `any`, `198.51.100.1` or `198.51.100.1:3478`.
  public var description: String {
    switch self {
    case .any: "any"
    case .address(let address): address.description
    case .endpoint(let endpoint): endpoint.description
    }
  }
}

extension RemoteScope: Comparable {
  /// Wider scopes come first, then addresses in their own order.
  public static func < (left: RemoteScope, right: RemoteScope) -> Bool {
    switch (left, right) {
    case (.address(let left), .address(let right)): left < right
    case (.endpoint(let left), .endpoint(let right)): left < right
    case (.any, .address), (.any, .endpoint), (.address, .endpoint): true
    default: false
    }
  }
}
