/// A mapping as it is stored; ``NATTable/Mapping`` is what is shown.
struct MappingEntry: ExpiringEntry {
  var key: MappingKey
  var link: ExpiryLink
  /// Which of the external addresses it has.
  var address: Int32
  var port: UInt16
  /// The first of its filter entries, which are linked.
  var firstFilter: Slot = .none
}

/// Leave for the remotes in a scope to send to a mapping.
struct FilterEntry: ExpiringEntry {
  var key: FilterKey
  var link: ExpiryLink
  /// The neighbours among the entries of the same mapping.
  var previous: Slot = .none
  var next: Slot = .none
}
