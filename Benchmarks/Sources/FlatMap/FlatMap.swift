public import TransportAddress

/// The least that a NAT must do for a packet: one probe of a flat hash map by the packet's five-tuple.
///
/// Open addressing, key and value side by side in a cache line, at most half full, a multiplying
/// hash, keys of IPv4 alone in two words, no bounds checks: what a fast map does, without anything
/// that a NAT needs besides (filters, timers, the way back, growing).
public struct FlatMap: ~Copyable {
  /// As large as what a NAT keeps of a mapping beside its key.
  public struct Value {
    public var port: UInt64
    public var expires: Int64
    var rest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    public init(port: UInt16, expires: Int64) {
      self.port = UInt64(port)
      self.expires = expires
    }
  }

  public struct Found {
    public var port: UInt16
    public var expires: Int64
  }

  private struct Cell {
    /// Both 0 in an empty cell.
    var first: UInt64
    var second: UInt64
    var value: Value
  }

  private let cells: UnsafeMutablePointer<Cell>
  private let mask: Int

  public init(capacity: Int) {
    var size = 8
    while size < 2 * capacity { size *= 2 }
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: MemoryLayout<Cell>.stride * size, alignment: 64)
    cells = memory.initializeMemory(
      as: Cell.self, repeating: Cell(first: 0, second: 0, value: Value(port: 0, expires: 0)),
      count: size)
    mask = size - 1
  }

  deinit { UnsafeMutableRawPointer(cells).deallocate() }

  @inline(__always)
  private func key(
    _ protocol: UInt8, _ from: TransportAddress, _ to: TransportAddress
  ) -> (UInt64, UInt64) {
    guard case .v4(let source) = from.address, case .v4(let destination) = to.address else {
      return (0, 0)
    }
    return (
      UInt64(source.rawValue) << 32 | UInt64(from.port) << 16 | UInt64(`protocol`),
      UInt64(destination.rawValue) << 32 | UInt64(to.port)
    )
  }

  @inline(__always)
  private func start(_ key: (UInt64, UInt64)) -> Int {
    let product = (key.0 ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: key.1 ^ 0xD6E8_FEB8_6659_FD93)
    return Int(truncatingIfNeeded: product.high ^ product.low) & mask
  }

  public func find(_ protocol: UInt8, from: TransportAddress, to: TransportAddress) -> Found? {
    let key = key(`protocol`, from, to)
    var index = start(key)
    while cells[index].first != 0 {
      if cells[index].first == key.0, cells[index].second == key.1 {
        return Found(
          port: UInt16(truncatingIfNeeded: cells[index].value.port),
          expires: cells[index].value.expires)
      }
      index = (index &+ 1) & mask
    }
    return nil
  }

  public func insert(
    _ protocol: UInt8, from: TransportAddress, to: TransportAddress, _ value: Value
  ) {
    let key = key(`protocol`, from, to)
    var index = start(key)
    while cells[index].first != 0 { index = (index &+ 1) & mask }
    cells[index] = Cell(first: key.0, second: key.1, value: value)
  }
}
