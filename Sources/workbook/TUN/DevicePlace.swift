import Lessons
import ProgramSupport
import Router
import TUN

/// Where a device is to be: in which network namespace, and under which name.
struct DevicePlace: Equatable {
  /// nil for the one that this process is in.
  var namespace: String?
  /// nil if nothing was said.
  var device: String?

  /// Reads `tun0` or `home/tun0`; nil says nothing.
  init(_ text: String?, _ option: String) throws(WorkbookError) {
    guard let text else { return }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let device = parts.last, parts.count <= 2, !parts.contains(""), device.utf8.count < 16
    else {
      throw .usage("\(option): '\(text)' is not DEVICE or NAMESPACE/DEVICE")
    }
    namespace = parts.count == 2 ? parts[0] : nil
    self.device = device
  }

  enum Network {
    case new
    case ofThisProcess
  }

  /// The namespace that was named, or another if nothing was said.
  func network(orElse other: Network) throws(NetworkError) -> NetworkNamespace {
    if device == nil, other == .new { return try NetworkNamespace() }
    return try NetworkNamespace(named: namespace)
  }
}
