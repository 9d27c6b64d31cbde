/// A TCP sequence number, which counts the bytes of one direction modulo 2³² (RFC 9293 §3.4).
struct SequenceNumber: Hashable, Sendable {
  let rawValue: UInt32

  init(_ rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The number so many bytes further on.
  static func + (number: SequenceNumber, count: Int) -> SequenceNumber {
    SequenceNumber(number.rawValue &+ UInt32(truncatingIfNeeded: count))
  }

  /// How many bytes `left` is behind `right`; negative if it is before.
  ///
  /// Right as long as both are less than 2³¹ bytes apart, as all numbers of a window are.
  static func - (left: SequenceNumber, right: SequenceNumber) -> Int {
    Int(Int32(bitPattern: left.rawValue &- right.rawValue))
  }
}
