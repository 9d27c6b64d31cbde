extension Candidate {
  /// The priority of a candidate (RFC 8445 §5.1.2.1).
  ///
  /// ```
  ///  31 30        24 23                        8 7             0
  /// ┌──┬────────────┬───────────────────────────┬───────────────┐
  /// │ 0│ type, 0-126│ local preference, 0-65535 │ 256−component │
  /// └──┴────────────┴───────────────────────────┴───────────────┘
  /// ```
  /// - Parameter typePreference: a value above 126 counts as 126, the highest allowed.
  /// - Complexity: O(1).
  // snippet.candidate-priority
  public static func priority(
    typePreference: UInt8, localPreference: UInt16, component: ComponentID
  ) -> UInt32 {
    UInt32(min(typePreference, 126)) << 24
      + UInt32(localPreference) << 8
      + (256 - UInt32(component.rawValue))
  }
  // snippet.end

  /// The local preference within the priority; meaningless if a peer used another formula.
  public var localPreference: UInt16 { UInt16(priority >> 8 & 0xFFFF) }
}
