@testable import NATTable

extension SlotIndex {
  /// How many slots stand in the fullest bucket and those that continue it.
  var longestChain: Int {
    var longest = 0
    for number in 0..<buckets.count {
      var bucket = buckets[number]
      var length = bucket.used
      while bucket.overflow != .none {
        bucket = overflows[Int(bucket.overflow)]
        length += bucket.used
      }
      longest = max(longest, length)
    }
    return longest
  }
}
