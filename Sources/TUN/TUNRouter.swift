import CLinux
import Glibc
public import IPPacket
public import NATTable
public import Router
public import SansIO
import TransportAddress

/// Moves packets between two TUN devices and a router, and does nothing else.
public struct TUNRouter: ~Copyable {
  /// What happens, for those who watch.
  public enum Event: Sendable {
    /// A mapping was made.
    case mapping(NATTable.Mapping)
    /// A mapping has ended; it is given as it was before.
    case expired(NATTable.Mapping)
    /// A packet was dropped, and why; with the packet as it came, if it is one.
    case drop(Packet?, from: NATRouter.Side, RouterDropReason)
    /// So many packets never came here, for a device's queue was full.
    case overflow(Int, from: NATRouter.Side)
    /// A pause between packets, in which gathered events can be written.
    case pause
  }

  /// Sees an event, with the time on the table's own clock.
  public typealias Watcher = (Event, Instant) -> Void

  /// How many packets there have been.
  public struct Counts: Hashable, Sendable {
    /// Packets that went from the inside to the outside.
    public var outbound = 0
    /// Packets that went from the outside to the inside.
    public var inbound = 0
    /// Packets that ended here, by reason.
    public var dropped: [RouterDropReason: Int] = [:]
    /// Packets that the inside's device dropped before they came here, for its queue was full.
    public var overflowInside = 0
    /// Packets that the outside's device dropped before they came here, for its queue was full.
    public var overflowOutside = 0
  }

  /// The router, with its table.
  public private(set) var router: NATRouter
  /// What has happened so far; overflows are counted once a second.
  public private(set) var counts = Counts()
  private let inside: TUNDevice
  private let outside: TUNDevice
  private let start: ContinuousClock.Instant
  private let buffer: UnsafeMutableRawBufferPointer
  /// What precedes a packet about which nothing is left undone.
  private let plain: [UInt8] = Array(repeating: 0, count: Offload.encodedLength)
  private var nextLookAtDevices: Instant = .zero

  /// How many packets are taken from one side before it is the other's turn.
  private static let batch = 64

  /// - Parameter router: its MTUs are taken from the devices.
  public init(
    _ router: NATRouter, inside: consuming TUNDevice, outside: consuming TUNDevice
  ) throws(NetworkError) {
    self.router = router
    try Self.takeMTU(of: inside, outside, into: &self.router)
    self.inside = inside
    self.outside = outside
    start = .now
    buffer = .allocate(byteCount: Offload.encodedLength + 65536, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// The time on the table's own clock, which starts with the router.
  public var now: Instant { .zero.advanced(by: start.duration(to: .now)) }

  /// Routes until a descriptor is readable, or until a time has come.
  ///
  /// - Parameter watch: sees every event; with nil none is made up.
  /// - Throws: where a device is gone.
  public mutating func run(
    until stop: Int32, or end: Instant?, watch: Watcher?
  ) throws(NetworkError) {
    var waiting = [inside.descriptor, outside.descriptor, stop].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    router.keepsEndedMappings = watch != nil
    while true {
      let count = poll(&waiting, 3, timeout(end))
      if count < 0, errno != EINTR { throw NetworkError("wait for packets") }
      let now = self.now
      if count > 0 {
        if waiting[0].revents != 0 { try move(from: .inside, at: now, watch) }
        if waiting[1].revents != 0 { try move(from: .outside, at: now, watch) }
      }
      router.timerFired(at: now)
      sendOutgoing()
      tellEnded(now, watch)
      if now >= nextLookAtDevices { try lookAtDevices(now, watch) }
      watch?(.pause, now)
      if count > 0, waiting[2].revents != 0 { return }
      if let end, now >= end { return }
    }
  }

  /// Routes the packets that wait at the inside device; their sender may have ended meanwhile.
  ///
  /// - Throws: where the device is gone.
  public mutating func routeWaiting(_ watch: Watcher? = nil) throws(NetworkError) {
    let now = self.now
    // As much as a queue holds; a host that goes on sending does not keep this from ending.
    for _ in 0..<Int(TUNDevice.queueLength) / Self.batch {
      guard try move(from: .inside, at: now, watch) == Self.batch else { return }
    }
  }

  /// Polls the devices' MTUs, which can change at any time, and the kernel's counts of drops.
  private mutating func lookAtDevices(
    _ now: Instant, _ watch: Watcher?
  ) throws(NetworkError) {
    try Self.takeMTU(of: inside, outside, into: &router)
    try countOverflows(watch)
    nextLookAtDevices = now.advanced(by: .seconds(1))
  }

  /// Brings ``Counts/overflowInside`` and ``Counts/overflowOutside`` up to date.
  ///
  /// - Throws: where a device is gone.
  public mutating func countOverflows(_ watch: Watcher? = nil) throws(NetworkError) {
    let (newInside, newOutside) = (try inside.droppedPackets(), try outside.droppedPackets())
    if newInside > counts.overflowInside {
      watch?(.overflow(newInside - counts.overflowInside, from: .inside), now)
    }
    if newOutside > counts.overflowOutside {
      watch?(.overflow(newOutside - counts.overflowOutside, from: .outside), now)
    }
    counts.overflowInside = newInside
    counts.overflowOutside = newOutside
  }

  /// A device's MTU below 68 bytes, which no IPv4 link has, is taken for 68.
  private static func takeMTU(
    of inside: borrowing TUNDevice, _ outside: borrowing TUNDevice, into router: inout NATRouter
  ) throws(NetworkError) {
    let mtu = (inside: max(68, try inside.mtu()), outside: max(68, try outside.mtu()))
    try? router.setMTU(inside: mtu.inside, outside: mtu.outside)
  }

  /// The milliseconds until the next deadline; at most a second, because changes of devices are polled.
  private func timeout(_ end: Instant?) -> Int32 {
    guard let deadline = router.nextDeadline ?? end else { return 1000 }
    let left = now.duration(to: min(deadline, end ?? deadline)).wholeNanoseconds
    return Int32(min(1000, max(0, (left + 999_999) / 1_000_000)))
  }

  /// Routes a batch of packets that have come from one side.
  ///
  /// - Returns: how many there were; fewer than a batch when no more wait.
  @discardableResult
  private mutating func move(
    from side: NATRouter.Side, at now: Instant, _ watch: Watcher?
  ) throws(NetworkError) -> Int {
    for number in 0..<Self.batch {
      let count = try side == .inside ? inside.read(into: buffer) : outside.read(into: buffer)
      guard count > Offload.encodedLength else { return number }
      route(UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), from: side, at: now, watch)
      sendOutgoing()
    }
    return Self.batch
  }

  private mutating func route(
    _ whole: UnsafeMutableRawBufferPointer, from side: NATRouter.Side, at now: Instant,
    _ watch: Watcher?
  ) {
    let offload = Offload(header: UnsafeRawBufferPointer(whole))
    let packet = UnsafeMutableRawBufferPointer(rebasing: whole[Offload.encodedLength...])
      .assumingMemoryBound(to: UInt8.self)
    // The span ends with this call, and the buffer with this value.
    var span = MutableSpan(_unsafeElements: packet)
    switch router.received(&span, from: side, offload: offload, at: now) {
    case .forward(let target, let makesMapping):
      guard write(UnsafeRawBufferPointer(whole), to: target) else {
        return drop(span.span, from: side, .deviceRefused, at: now, watch)
      }
      count(side)
      if makesMapping { tell(span.span, now, watch) }
    case .fragmented(let makesMapping):
      count(side)
      if makesMapping { tell(span.span, now, watch) }
    case .drop(let reason): drop(span.span, from: side, reason, at: now, watch)
    case .answered, .queued: break
    }
  }

  private mutating func sendOutgoing() {
    while case .send(let packet)? = router.nextAction() {
      _ = (plain + packet.bytes).withUnsafeBytes { write($0, to: packet.side) }
    }
  }

  private func write(_ packet: UnsafeRawBufferPointer, to side: NATRouter.Side) -> Bool {
    side == .inside ? inside.write(packet) : outside.write(packet)
  }

  // MARK: - For those who watch

  private mutating func count(_ side: NATRouter.Side) {
    if side == .inside { counts.outbound += 1 } else { counts.inbound += 1 }
  }

  private func tell(_ translated: Span<UInt8>, _ now: Instant, _ watch: Watcher?) {
    guard let watch, let mapping = router.mapping(of: translated) else { return }
    watch(.mapping(mapping), now)
  }

  /// Tells of the mappings that have ended.
  ///
  /// - Complexity: O(their number).
  private mutating func tellEnded(_ now: Instant, _ watch: Watcher?) {
    guard let watch else { return }
    for mapping in router.takeEndedMappings() { watch(.expired(mapping), now) }
  }

  private mutating func drop(
    _ packet: Span<UInt8>, from side: NATRouter.Side, _ reason: RouterDropReason,
    at now: Instant, _ watch: Watcher?
  ) {
    counts.dropped[reason, default: 0] += 1
    watch?(.drop(try? Packet(parsing: packet), from: side, reason), now)
  }
}
