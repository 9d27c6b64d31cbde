import CLinux
import Glibc
public import SansIO
public import Simulator
public import TUN

/// Carries packets between real hosts and a network that runs in real time.
///
///     program ─ eth0 ──▶ ┌───────────────────────────────┐ ──▶ eth0 ─ program
///                 read   │ Network: links, NATs, servers │  write
///     program ─ eth0 ◀── └───────────────────────────────┘ ◀── eth0 ─ program
///
/// It is a driver and does nothing else: what befalls packets, the network decides.
public struct RealNetwork: ~Copyable {
  /// The network.
  public private(set) var network: Network
  /// The hosts that are real.
  public let hosts: [RealHost]
  /// Packets that hosts have sent and that are no whole IP packets.
  public private(set) var unreadableCount = 0
  /// The interfaces that are in a network, with their devices.
  private var interfaces: [RealInterface]
  private var places: [InterfaceID: Int] = [:]
  private let start: ContinuousClock.Instant
  /// The time of day at which the network's time began, since 1970.
  public let startTime: Duration
  private let buffer: UnsafeMutableRawBufferPointer
  /// How many events of the trace have been taken.
  private var takenCount = 0

  /// How many packets are taken from one interface before it is the next one's turn.
  private static let batch = 64
  /// How many events the trace keeps at most, besides those of one step.
  private static let longestTrace = 16_384

  /// Makes the hosts; the network's time begins now.
  ///
  public init(_ drawn: Network, hosts: [HostID]) throws(NetworkError) {
    var network = drawn
    var made: [RealHost] = []
    for host in hosts {
      made.append(try RealHost(host, of: network))
      network.moveOutside(host)
    }
    self.network = network
    self.hosts = made
    interfaces = []
    start = .now
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    startTime = .seconds(clock.tv_sec) + .nanoseconds(clock.tv_nsec)
    buffer = .allocate(byteCount: TUNDevice.headerLength + 65_536, alignment: 16)
    takeInterfaces()
  }

  private mutating func takeInterfaces() {
    interfaces = hosts.flatMap { $0.interfaces.compactMap(\.self) }
    places = Dictionary(
      uniqueKeysWithValues: interfaces.enumerated().map { ($0.element.id, $0.offset) })
  }

  /// Changes the network while it runs, and then the hosts: an interface that leaves its network has no
  /// device any more, and where it comes to another it has a new one.
  ///
  /// - Throws: where a device cannot be made.
  public mutating func change(
    _ change: (inout Network) -> Void
  ) throws(NetworkError) {
    carryOn()
    change(&network)
    // Let go of, so that a device is gone before one of its name is made.
    (interfaces, places) = ([], [:])
    for host in hosts { try host.followNetwork(network) }
    takeInterfaces()
    carryOn()
  }

  deinit { buffer.deallocate() }

  /// The network's time, which starts with this value.
  public var now: Instant { .zero.advanced(by: start.duration(to: .now)) }

  /// Waits until a packet can be carried, until a descriptor is readable, or until a time has come.
  ///
  /// - Returns: those of the descriptors that are readable.
  /// - Throws: where a device is gone.
  public mutating func step(
    waitingFor descriptors: [Int32], or end: Instant? = nil
  ) throws(NetworkError) -> [Int32] {
    var waiting = (interfaces.map { $0.device.descriptor } + descriptors).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let count = wait(&waiting, until: [network.nextDeadline, end].compactMap { $0 }.min())
    if count < 0, errno != EINTR { throw NetworkError("wait for packets") }
    runUntilNow()
    if count > 0 {
      for (interface, entry) in zip(interfaces, waiting) where entry.revents != 0 {
        try take(from: interface)
      }
    }
    carryOn()
    return waiting[interfaces.count...].filter { $0.revents != 0 }.map(\.fd)
  }

  /// Carries what hosts have sent that have ended meanwhile, and lets it arrive.
  ///
  /// - Parameter duration: how much later it is for the network then, whatever a clock says.
  /// - Throws: where a device is gone.
  public mutating func carryRest(for duration: Duration) throws(NetworkError) {
    runUntilNow()
    for interface in interfaces { try take(from: interface) }
    network.run(for: duration)
    while network.nextArrival() != nil {}
  }

  /// The events that have happened since they were last taken.
  public mutating func takeEvents() -> [Trace.Event] {
    let events = Array(network.trace.events[takenCount...])
    takenCount += events.count
    if takenCount > Self.longestTrace {
      network.forgetTrace()
      takenCount = 0
    }
    return events
  }

  // MARK: - Packets

  /// Links delay by fractions of a millisecond, which `poll` cannot wait.
  private func wait(_ waiting: inout [pollfd], until deadline: Instant?) -> Int32 {
    let left = deadline.map { max(0, now.duration(to: $0).wholeNanoseconds) }
    return linux_wait(&waiting, UInt(waiting.count), left ?? -1)
  }

  /// Takes a batch of packets that a host has sent by an interface.
  private mutating func take(from interface: RealInterface) throws(NetworkError) {
    for _ in 0..<Self.batch {
      let count = try interface.device.read(into: buffer)
      guard count > TUNDevice.headerLength else { return }
      let packet = Array(buffer[TUNDevice.headerLength..<count])
      if Self.staysOnLink(packet) { continue }
      guard (try? network.send(packet, from: interface.id)) != nil else {
        unreadableCount += 1
        continue
      }
    }
  }

  /// Whether a packet is what a kernel says on each IPv6 link, such as of the groups that it has joined
  /// (RFC 9777): to several hosts at once, or from no address that is known beyond the link.
  private static func staysOnLink(_ packet: [UInt8]) -> Bool {
    guard packet.count >= 40, packet[0] >> 4 == 6 else { return false }
    let isLinkLocal = packet[8] == 0xFE && packet[9] & 0xC0 == 0x80
    return packet[24] == 0xFF || isLinkLocal || packet[8..<24].allSatisfy { $0 == 0 }
  }

  private mutating func runUntilNow() { network.run(until: max(now, network.time)) }

  /// Lets the network run until now, and gives hosts what has reached them.
  private mutating func carryOn() {
    runUntilNow()
    while let arrival = network.nextArrival() {
      // A header of zeros: nothing is left undone in the packet.
      let whole = [UInt8](repeating: 0, count: TUNDevice.headerLength) + arrival.bytes
      guard let place = places[arrival.interface] else { continue }
      _ = whole.withUnsafeBytes { interfaces[place].device.write($0) }
    }
  }
}
