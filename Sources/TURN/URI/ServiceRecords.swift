/// A host and port that offers a service (RFC 2782).
public struct SRVRecord: Hashable, Sendable {
  /// The lower the earlier.
  public var priority: UInt16
  /// The share of those of one priority that goes here; 0 for next to none.
  public var weight: UInt16
  /// The port.
  public var port: UInt16
  /// The host; `.` or nothing where the service is not offered.
  public var target: String

  /// A record with these values.
  public init(priority: UInt16, weight: UInt16, port: UInt16, target: String) {
    (self.priority, self.weight, self.port, self.target) = (priority, weight, port, target)
  }

  /// The records in the order in which they are to be tried: by priority, and among equals by chance,
  /// according to their weights (RFC 2782).
  ///
  /// - Complexity: O(*n*²) in the records of one priority, which one message holds.
  public static func ordered(
    _ records: [SRVRecord], using generator: inout some RandomNumberGenerator
  ) -> [SRVRecord] {
    var ordered: [SRVRecord] = []
    for priority in Set(records.map(\.priority)).sorted() {
      let equals = records.filter { $0.priority == priority }
      // Those without weight first: they are chosen only when the number is 0.
      var rest = equals.filter { $0.weight == 0 } + equals.filter { $0.weight > 0 }
      while !rest.isEmpty {
        let sum = rest.reduce(0) { $0 + UInt64($1.weight) }
        let number = UInt64.random(in: 0...sum, using: &generator)
        var running: UInt64 = 0
        let index = rest.firstIndex { record in
          running += UInt64(record.weight)
          return running >= number
        }
        // The running sum comes to the whole one in the end.
        ordered.append(rest.remove(at: index ?? rest.count - 1))
      }
    }
    return ordered
  }
}

/// Which service is found where, and by which protocol (RFC 3403, as RFC 3958 uses it).
public struct NAPTRRecord: Hashable, Sendable {
  /// The lower the earlier.
  public var order: UInt16
  /// The same among those of one order.
  public var preference: UInt16
  /// `S` for SRV records, `A` for addresses, nothing for more NAPTR records.
  public var flags: String
  /// `RELAY:turn.udp:turn.tcp`: the service and its protocols.
  public var services: String
  /// What RFC 3958 does not use; a record that has it does not count.
  public var regularExpression: String
  /// The next name.
  public var replacement: String

  /// A record with these values.
  public init(
    order: UInt16, preference: UInt16, flags: String, services: String,
    regularExpression: String = "", replacement: String
  ) {
    (self.order, self.preference, self.flags) = (order, preference, flags)
    (self.services, self.regularExpression) = (services, regularExpression)
    self.replacement = replacement
  }

  /// The transports that the record names for a service, if it is for that one (RFC 5928 §5).
  func transports(of service: String) -> [ServerResolution.Transport] {
    let words = services.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    guard words.first.map(String.init) == service else { return [] }
    return words.dropFirst().compactMap { word in
      switch word {
      case "turn.udp": .udp
      case "turn.tcp": .tcp
      case "turn.tls": .tls
      default: nil
      }
    }
  }
}
