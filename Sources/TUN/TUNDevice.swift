import CLinux
import Glibc
import Router
public import TransportAddress

/// A network device whose cable ends in this process (the kernel's `networking/tuntap`).
///
/// What a host sends to it is read here, and what is written here the host receives. A device that
/// this opened goes away with it; one that was there before stays.
public struct TUNDevice: ~Copyable {
  /// The file descriptor, which is readable when the host has sent something.
  public let descriptor: Int32
  /// The device's name, as the kernel has it.
  public let name: String
  /// Whether the device existed before; its addresses are then left unchanged.
  public let existed: Bool
  private let network: NetworkNamespace
  /// What the kernel had counted when the device was opened.
  private let droppedBefore: Int

  /// Packets that wait in a device that was made here: a tenth of a second at 100 000 a second.
  static var queueLength: Int32 { 10_000 }

  deinit {
    // One that stays is left as it was found.
    if existed { linux_set_tun_offload(descriptor, 0) }
    close(descriptor)
  }

  /// Opens a device, and makes it if it is not there.
  ///
  /// - Parameters:
  ///   - name: up to 15 bytes; `%d` in it stands for the first number that is free.
  ///   - offload: whether kernels may leave checksums and the cutting up of segments undone.
  public init(
    _ name: String, in network: consuming NetworkNamespace, offload: Bool = true
  ) throws(NetworkError) {
    guard (1..<16).contains(name.utf8.count), !name.utf8.contains(UInt8(ascii: "/")) else {
      throw NetworkError("make a device called '\(name)'", code: EINVAL)
    }
    var text = Array(name.utf8.map { CChar(bitPattern: $0) })
    text += Array(repeating: 0, count: 16 - text.count)
    var wasThere: Int32 = 0
    let opened = try network.inside { () throws(NetworkError) in
      let opened = linux_open_tun(&text, &wasThere)
      guard opened >= 0 else {
        let code = errno
        throw NetworkError(
          "open the TUN device \(name)", code: code, remedy: Self.remedy(for: code))
      }
      let made = String(
        decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard linux_set_tun_offload(opened, offload ? 1 : 0) == 0 else {
        let error = NetworkError("set up the TUN device \(name)")
        close(opened)
        throw error
      }
      // It is to carry what hosts send, not what the kernel says about IPv6 on each new device.
      if wasThere == 0 { setIPv6("disable_ipv6", "1", on: made) }
      // A burst fills the usual 500 before this process has had its turn. Where the kernel does not
      // allow more, what is dropped is still counted.
      if wasThere == 0 { _ = linux_set_queue_length(made, Self.queueLength) }
      return (
        descriptor: opened, name: made, dropped: DeviceStatistics.droppedPackets(of: made) ?? 0
      )
    }
    descriptor = opened.descriptor
    self.name = opened.name
    existed = wasThere != 0
    self.network = network
    droppedBefore = opened.dropped
  }

  /// Gives the device's host addresses, and takes the device into service.
  ///
  /// - Parameter isDefaultRoute: whether all that has no other way shall go here.
  public func configure(
    addresses: [IPv4Address], prefixLength: Int, mtu: Int? = nil, isDefaultRoute: Bool = false
  ) throws(NetworkError) {
    try network.inside { () throws(NetworkError) in
      if let mtu, linux_set_mtu(name, Int32(clamping: mtu)) != 0 {
        throw NetworkError("give \(name) the MTU \(mtu)")
      }
      for address in addresses {
        try add(.v4(address), prefixLength: prefixLength)
      }
      guard linux_bring_up(name) == 0 else { throw NetworkError("bring up \(name)") }
      if isDefaultRoute { try addDefaultRoute(isV6: false, metric: 0) }
    }
  }

  /// Gives the device's host IPv6 addresses, once the device is in service, and no others: neither
  /// link-local ones nor what routers advertise.
  ///
  /// - Parameter isDefaultRoute: whether all IPv6 that has no other way shall go here.
  public func configure(
    addresses: [IPv6Address], prefixLength: Int, isDefaultRoute: Bool = false
  ) throws(NetworkError) {
    try network.inside { () throws(NetworkError) in
      set("accept_ra", "0")
      // 1: no address is made of the device's own.
      set("addr_gen_mode", "1")
      set("disable_ipv6", "0")
      for address in addresses { try add(.v6(address), prefixLength: prefixLength) }
      if isDefaultRoute { try addDefaultRoute(isV6: true, metric: 0) }
    }
  }

  /// Makes the device the way to all that has no other, behind devices of a lower number, and the only
  /// way for what is sent from its own addresses.
  ///
  /// - Parameter number: the device's among those of its host, from 1.
  public func routeAll(number: Int, from addresses: [IPAddress]) throws(NetworkError) {
    try network.inside { () throws(NetworkError) in
      // The kernel's own tables have the numbers 253 to 255.
      let table = UInt32(1000 + number)
      for isV6 in Set(addresses.map { $0.family == .ipv6 }) {
        try addDefaultRoute(isV6: isV6, metric: UInt32(number))
        try addDefaultRoute(isV6: isV6, metric: 0, table: table)
      }
      for address in addresses {
        let isV6: Int32 = address.family == .ipv6 ? 1 : 0
        // The rule outlives the device: it may be there from an earlier one with this address.
        guard linux_add_source_rule(isV6, address.networkBytes, table) == 0 || errno == EEXIST
        else {
          throw NetworkError("route what comes from \(address)")
        }
      }
    }
  }

  private func add(_ address: IPAddress, prefixLength: Int) throws(NetworkError) {
    let isV6: Int32 = address.family == .ipv6 ? 1 : 0
    guard linux_add_address(name, isV6, address.networkBytes, Int32(prefixLength)) == 0 else {
      throw NetworkError("give \(name) the address \(address)")
    }
  }

  private func addDefaultRoute(
    isV6: Bool, metric: UInt32, table: UInt32 = 0
  ) throws(NetworkError) {
    guard linux_add_default_route(name, isV6 ? 1 : 0, metric, table) == 0 else {
      throw NetworkError("make \(name) the default route")
    }
  }

  /// Sets what the kernel does about IPv6 on the device.
  private func set(_ setting: String, _ value: String) { setIPv6(setting, value, on: name) }

  /// The largest packet that the device's host sends and takes.
  public func mtu() throws(NetworkError) -> Int {
    try network.inside { () throws(NetworkError) in
      let mtu = linux_mtu(name)
      guard mtu > 0 else { throw NetworkError("ask for the MTU of \(name)") }
      return Int(mtu)
    }
  }

  /// Packets that the kernel dropped since the device was opened, for its queue was full.
  ///
  /// - Throws: ``NetworkError`` where the device is gone.
  public func droppedPackets() throws(NetworkError) -> Int {
    try network.inside { () throws(NetworkError) in
      guard let count = DeviceStatistics.droppedPackets(of: name) else {
        throw NetworkError("read the statistics of \(name)", code: ENODEV)
      }
      return count - droppedBefore
    }
  }

  /// What usually is wrong where no TUN device can be opened.
  private static func remedy(for code: Int32) -> String? {
    switch code {
    case ENOENT, ENODEV, ENXIO:
      "load the driver with: modprobe tun; in a container, start it with "
        + "--device /dev/net/tun --cap-add NET_ADMIN"
    case EPERM, EACCES:
      "in a container, start it with --device /dev/net/tun --cap-add NET_ADMIN"
    default: nil
    }
  }

  /// The length of the header that stands before each packet, in bytes.
  public static var headerLength: Int { Offload.encodedLength }

  /// Takes the next packet, its header before it.
  ///
  /// - Returns: the bytes read; 0 if there is nothing at the moment.
  /// - Throws: where the device is gone.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(NetworkError) -> Int {
    let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR || errno == EIO { return 0 }
    throw NetworkError("read from \(name)")
  }

  /// Gives the host a packet, its header before it; one of zeros says that the packet is complete.
  ///
  /// - Returns: whether the host has taken it.
  public func write(_ packet: UnsafeRawBufferPointer) -> Bool {
    Glibc.write(descriptor, packet.baseAddress, packet.count) == packet.count
  }
}

private func setIPv6(_ setting: String, _ value: String, on device: String) {
  let file = open("/proc/sys/net/ipv6/conf/\(device)/\(setting)", O_WRONLY | O_CLOEXEC)
  // Where there is no IPv6 there is no such file.
  guard file >= 0 else { return }
  _ = write(file, value, value.utf8.count)
  close(file)
}

extension IPAddress {
  /// Its 4 or 16 bytes as on the wire.
  fileprivate var networkBytes: [UInt8] {
    switch self {
    case .v4(let address): withUnsafeBytes(of: address.rawValue.bigEndian, Array.init)
    case .v6(let address):
      withUnsafeBytes(of: address.high.bigEndian, Array.init)
        + withUnsafeBytes(of: address.low.bigEndian, Array.init)
    }
  }
}
