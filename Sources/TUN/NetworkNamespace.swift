import CLinux
import Glibc
public import TransportAddress

/// A network of its own, with its own devices, addresses and routes (network_namespaces(7)).
///
/// One without a name is gone when the last process in it, and this value, are gone: nothing need be
/// cleaned up, however this process ends.
public struct NetworkNamespace: ~Copyable {
  /// The file descriptor that keeps it; `nsenter --net=/proc/PID/fd/DESCRIPTOR` enters it.
  public let descriptor: Int32

  deinit { close(descriptor) }

  /// A new, empty one without a name.
  public init() throws(NetworkError) {
    let home = linux_enter_network(-1)
    guard home >= 0 else { throw NetworkError("make a network namespace") }
    let opened = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
    let failure = errno
    linux_leave_network(home)
    guard opened >= 0 else { throw NetworkError("make a network namespace", code: failure) }
    descriptor = opened
  }

  /// The one of this name, which `ip netns add` has made; with nil the one that this process is in.
  public init(named name: String?) throws(NetworkError) {
    let file = name.map { "/var/run/netns/\($0)" } ?? "/proc/thread-self/ns/net"
    let opened = open(file, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else {
      throw NetworkError("enter the network namespace \(name ?? "of this process")")
    }
    descriptor = opened
  }

  /// The same one once more.
  public func another() throws(NetworkError) -> NetworkNamespace {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw NetworkError("keep a network namespace") }
    return NetworkNamespace(descriptor: copy)
  }

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Takes the device `lo` into service, on which its processes reach each other.
  public func bringUpLoopback() throws(NetworkError) {
    try inside { () throws(NetworkError) in
      if linux_bring_up("lo") != 0 { throw NetworkError("bring up lo") }
    }
  }

  /// The device that has an IPv4 address with these leading bits; nil if there is none.
  public func device(in network: IPv4Address, prefixLength: Int) throws(NetworkError) -> String? {
    try inside { () throws(NetworkError) in
      var first: UnsafeMutablePointer<ifaddrs>?
      guard getifaddrs(&first) == 0 else { throw NetworkError("ask for the addresses") }
      defer { freeifaddrs(first) }
      var next = first
      while let entry = next?.pointee {
        next = entry.ifa_next
        guard let address = entry.ifa_addr, Int32(address.pointee.sa_family) == AF_INET else {
          continue
        }
        // An address of this family is a sockaddr_in.
        let raw = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          UInt32(bigEndian: $0.pointee.sin_addr.s_addr)
        }
        if (raw ^ network.rawValue) >> UInt32(32 - prefixLength) == 0 {
          return String(cString: entry.ifa_name)
        }
      }
      return nil
    }
  }

  /// Does something in it; only this thread goes there, and comes back.
  func inside<Value: ~Copyable>(
    _ body: () throws(NetworkError) -> Value
  ) throws(NetworkError) -> Value {
    let home = linux_enter_network(descriptor)
    guard home >= 0 else { throw NetworkError("enter a network namespace") }
    defer { linux_leave_network(home) }
    return try body()
  }

  /// Starts a program in it, with this process's terminal; it is ended when this process ends.
  ///
  /// - Returns: the process.
  public func start(_ command: [String]) throws(NetworkError) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let process = linux_start_in_network(descriptor, &arguments)
    guard process > 0 else { throw NetworkError("start \(command.first ?? "nothing")") }
    return process
  }
}
