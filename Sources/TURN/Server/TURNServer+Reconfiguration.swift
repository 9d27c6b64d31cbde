/// What may change while a server runs.
extension TURNServer {
  /// Takes the policy, the limits and the own addresses of another configuration from now on.
  ///
  /// Where the server relays from stays as it is. Permissions and channels that exist are kept until
  /// they end or are refreshed: a peer that is refused from now on is reached for five minutes more at
  /// most by a permission, for ten by a channel. Allocations above a quota are kept, too.
  public mutating func reconfigure(_ other: Configuration) {
    configuration.policy = other.policy
    configuration.limits = other.limits
    configuration.ownAddresses = other.ownAddresses
  }
}
