import STUNCodec

/// The ID of one of our own requests, as a key of dictionaries.
///
/// We draw these IDs ourselves, and 64 random bits are as good as their hash. For IDs that others
/// choose, `TransactionID` itself is the key: they could make all of them equal in these bits.
struct OwnTransactionID: Hashable, Sendable {
  let id: TransactionID

  init(_ id: TransactionID) {
    self.id = id
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(id.low)
  }

  // A requirement of `Hashable` that the standard library's own integers meet in this way and that is
  // not documented. Without it everything works, and a look-up takes three times as long.
  func _rawHashValue(seed: Int) -> Int {
    Int(truncatingIfNeeded: id.low) ^ seed
  }
}
