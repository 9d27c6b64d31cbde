public import ArgumentParser

/// The namespace and name of a TUN device: `tun0` or `home/tun0`.
public struct TUNDeviceName: Hashable, Sendable {
  /// The network namespace; nil for the one that this process is in.
  public var namespace: String?
  /// The device's name: 1 to 15 bytes.
  public var device: String
}

extension TUNDeviceName: ExpressibleByArgument {
  /// Reads `DEVICE` or `NAMESPACE/DEVICE`; nil for other text.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    // IFNAMSIZ is 16, with the NUL at the end.
    guard let device = parts.last, parts.count <= 2, !parts.contains(""), device.utf8.count < 16
    else { return nil }
    namespace = parts.count == 2 ? parts[0] : nil
    self.device = device
  }
}
