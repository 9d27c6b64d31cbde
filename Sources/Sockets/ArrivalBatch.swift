import CLinux
import Glibc
import TransportAddress

/// Datagrams that one system call has received, in the room that each of them has.
///
///     slot 0  │ headroom │ datagram                     │ free │ tailroom │
///     slot 1  │ headroom │ datagram │ datagram │ dat. │ free   │ tailroom │   put together
///                                                                            by the kernel
///
/// They are handed out one at a time. A header written before one that was put together with others
/// overwrites the end of the one before it, which has been handed out already; what is written after it
/// is taken back before the next one is handed out.
struct ArrivalBatch: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  private let headers: OpaquePointer
  private let headroom: Int
  private let slotByteCount: Int
  private let stride: Int

  /// How many slots the last system call has filled, and which is handed out.
  private var filled = 0
  private var slot = 0
  /// What is known about the slot; its count is that of all of its datagrams.
  private var whole = UDPSocket.Arrival.none
  private var segment = 0
  private var local: TransportAddress = "0.0.0.0:0"
  /// Where the datagram stands that is handed out, in its slot.
  private(set) var payload: Range<Int>
  /// The beginning of the datagram after it, which padding may overwrite.
  private var following: UInt64 = 0

  /// The bytes that padding may take.
  private static var longestTail: Int { 8 }

  /// Room for datagrams.
  ///
  /// - Parameter slots: how many are received at once.
  init(slots: Int, capacity: Int, headroom: Int, tailroom: Int) {
    precondition(tailroom <= Self.longestTail, "the tail of a datagram cannot be taken back")
    self.headroom = headroom
    slotByteCount = headroom + capacity + tailroom
    // Slots that were a power of two apart would get in each other's way in the processor's cache.
    stride = (slotByteCount + Self.longestTail + 63) / 64 * 64 + (slots > 1 ? 1088 : 0)
    // All zero, and taking memory only where something was written.
    guard let memory = calloc(slots, stride),
      let headers = linux_arrivals_make(
        memory, UInt32(slots), UInt(stride), UInt(headroom), UInt(capacity))
    else { fatalError("no memory for datagrams") }
    (self.memory, self.headers) = (memory, headers)
    payload = headroom..<headroom
  }

  deinit {
    linux_arrivals_free(headers)
    free(memory)
  }

  /// The room of the datagram that is handed out.
  var packet: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: memory + slot * stride, count: slotByteCount)
  }

  /// Receives what waits at a socket; false where that is nothing.
  ///
  /// - Throws: ``SocketError`` as ``UDPSocket/receive(into:)``.
  mutating func receive(from socket: UDPSocket) throws(SocketError) -> Bool {
    (filled, slot, payload, local) = (0, 0, headroom..<headroom, socket.localAddress)
    var errorCount = 0
    while true {
      let count = linux_udp_receive_many(socket.descriptor, headers)
      if count >= 0 {
        filled = Int(count)
        if filled > 0 { open(0) }
        return filled > 0
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: return false
      // An error of something sent, which `takeFailure()` tells of; it is reported only once.
      case _ where socket.keepsErrors && errorCount < 16: errorCount += 1
      case let code: throw SocketError("receive at \(socket.localAddress)", code: code)
      }
    }
  }

  /// Hands out the next datagram; nil where there is none any more.
  mutating func next() -> UDPSocket.Arrival? {
    while slot < filled {
      let end = headroom + whole.count
      let start = payload.upperBound
      // An empty datagram is handed out, too.
      if start < end || (whole.count == 0 && segment == 0) {
        let bytes = memory + slot * stride
        if start > headroom {
          bytes.storeBytes(of: following, toByteOffset: start, as: UInt64.self)
        }
        payload = start..<min(start + segment, end)
        // After the last one nothing follows, and a slot has room for as much.
        following = bytes.loadUnaligned(fromByteOffset: payload.upperBound, as: UInt64.self)
        var arrival = whole
        arrival.count = payload.count
        if whole.count == 0 { segment = 1 }
        return arrival
      }
      // The last one stays where it is until more is received.
      guard slot + 1 < filled else {
        filled = 0
        return nil
      }
      open(slot + 1)
    }
    return nil
  }

  private mutating func open(_ index: Int) {
    var arrival = linux_arrival()
    linux_arrival(headers, UInt32(index), &arrival)
    var destination = local
    if arrival.hasDestination != 0 {
      destination.address = TransportAddress(arrival.destination).address
    }
    slot = index
    segment = Int(arrival.segment)
    payload = headroom..<headroom
    whole = UDPSocket.Arrival(
      count: Int(arrival.count), source: TransportAddress(arrival.source),
      destination: destination, interface: arrival.destination.interface,
      isTruncated: arrival.isTruncated != 0)
  }
}

extension UDPSocket.Arrival {
  fileprivate static var none: Self {
    Self(
      count: 0, source: "0.0.0.0:0", destination: "0.0.0.0:0", interface: 0, isTruncated: false)
  }
}
