import Glibc
import Terminal
public import Testing

/// A program from elsewhere that a test needs.
///
/// Where it is missing the test is skipped, visibly; with `INTEROP=1` it runs and fails.
public enum Peer {
  public static func isInstalled(_ name: String) -> Bool {
    (processEnvironment()["PATH"] ?? "").split(separator: ":").contains {
      access("\($0)/\(name)", X_OK) == 0
    }
  }
}

extension Trait where Self == ConditionTrait {
  /// The test needs these programs.
  public static func needs(_ names: String...) -> ConditionTrait {
    .enabled(
      if: processEnvironment()["INTEROP"] == "1" || names.allSatisfy(Peer.isInstalled),
      "needs \(names.joined(separator: ", ")); INTEROP=1 makes a missing one a failure")
  }

  /// The test needs network namespaces and TUN devices, and so root, besides these programs.
  public static func needsNetworks(_ names: String...) -> ConditionTrait {
    .enabled(
      if: processEnvironment()["INTEROP"] == "1"
        || TestNetwork.isAvailable && names.allSatisfy(Peer.isInstalled),
      "needs root, /dev/net/tun, ip, \(names.joined(separator: ", ")); see INTEROP=1")
  }
}
