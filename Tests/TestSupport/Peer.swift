import Glibc
import Terminal
public import Testing

/// A program from elsewhere that a test needs.
///
/// Where it is missing the test is skipped, visibly; with `INTEROP=1` it runs and fails, but for the
/// module of Python that `INTEROP_EXCEPT` names.
public enum Peer {
  public static func isInstalled(_ name: String) -> Bool {
    (processEnvironment()["PATH"] ?? "").split(separator: ":").contains {
      access("\($0)/\(name)", X_OK) == 0
    }
  }
}

extension Peer {
  /// Whether whoever runs the tests may make a network of their own, as root or in a user namespace.
  static let canMakeNetworks =
    (try? Program.run("unshare", ["--map-root-user", "--net", "true"]))?.exitCode == 0

  /// The interpreter that has what pip installs and Debian has not; `.ci/run` makes it.
  static let ownPython =
    (processEnvironment()["HOME"] ?? "") + "/.cache/pathfinder/juice/bin/python"

  /// `PYTHON` set to an interpreter that has this module, for a script that heeds it; else nothing.
  public static func python(with module: String) -> [String: String] {
    let path = ["python3", "/usr/bin/python3", ownPython].first {
      (try? Program.run($0, ["-c", "import \(module)"]))?.exitCode == 0
    }
    return path.map { ["PYTHON": $0] } ?? [:]
  }

  /// Whether a shared library can be loaded, as Python would.
  static func hasLibrary(_ name: String) -> Bool {
    (try? Program.run("python3", ["-c", "import ctypes; ctypes.CDLL('\(name)')"]))?.exitCode == 0
  }

  /// The folder of packages in Go that Debian installs.
  public static let goPath = "/usr/share/gocode"

  /// Whether whoever runs the tests may mount a file system, as root may outside narrow containers.
  static let canMount =
    (try? Program.run("unshare", ["--mount", "mount", "-t", "tmpfs", "pathfinder-test", "/mnt"]))?
    .exitCode == 0

  fileprivate static let mustRun = processEnvironment()["INTEROP"] == "1"
  fileprivate static let exception = processEnvironment()["INTEROP_EXCEPT"]
}

extension Trait where Self == ConditionTrait {
  /// The test needs these programs.
  public static func needs(_ names: String...) -> ConditionTrait {
    .enabled(
      if: Peer.mustRun || names.allSatisfy(Peer.isInstalled),
      "needs \(names.joined(separator: ", ")); INTEROP=1 makes a missing one a failure")
  }

  /// The test needs a module of Python.
  public static func needsPython(_ module: String) -> ConditionTrait {
    .enabled(
      if: Peer.mustRun && module != Peer.exception || !Peer.python(with: module).isEmpty,
      "needs Python's \(module); INTEROP=1 makes a missing one a failure")
  }

  /// The test needs a shared library, which a script in Python loads.
  public static func needsLibrary(_ name: String) -> ConditionTrait {
    .enabled(
      if: Peer.mustRun || Peer.hasLibrary(name),
      "needs python3 and \(name); INTEROP=1 makes a missing one a failure")
  }

  /// The test needs Go, and a package of Debian's in it.
  public static func needsGo(_ package: String) -> ConditionTrait {
    .enabled(
      if: Peer.mustRun
        || Peer.isInstalled("go") && access("\(Peer.goPath)/src/\(package)", F_OK) == 0,
      "needs go and \(package); INTEROP=1 makes a missing one a failure")
  }

  /// The test needs a network that nobody else is in.
  public static var needsOwnNetwork: ConditionTrait {
    .enabled(
      if: Peer.mustRun || Peer.canMakeNetworks && Peer.isInstalled("ip"),
      "needs ip, and root or user namespaces; INTEROP=1 makes a missing one a failure")
  }

  /// The test needs the right to mount a file system.
  public static var needsMounts: ConditionTrait {
    .enabled(
      if: Peer.mustRun || Peer.canMount,
      "needs the right to mount; INTEROP=1 makes its absence a failure")
  }

  /// The test needs network namespaces and TUN devices, and so root, besides these programs.
  public static func needsNetworks(_ names: String...) -> ConditionTrait {
    .enabled(
      if: Peer.mustRun || TestNetwork.isAvailable && names.allSatisfy(Peer.isInstalled),
      "needs root, /dev/net/tun, ip, \(names.joined(separator: ", ")); see INTEROP=1")
  }
}
