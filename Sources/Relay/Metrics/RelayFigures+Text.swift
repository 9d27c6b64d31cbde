internal import STUNCodec
internal import TURN

extension RelayFigures {
  /// The figures as Prometheus reads them.
  ///
  /// The value of a label is a method, an error code, or a reason out of a list: their number is
  /// bounded, whatever clients do.
  public var expositionText: String {
    var text = ExpositionText()
    text.add(
      "process_start_time_seconds", .gauge, "When the server was started, in seconds since 1970.",
      Int(startTime))
    text.add("turn_threads", .gauge, "Threads that serve.", threads)
    text.add("turn_allocations", .gauge, "Allocations now.", allocations)
    text.add(
      "turn_connections", .gauge, "Connections of clients over TCP and TLS now.", connections)
    text.add(
      "turn_draining", .gauge, "1 while no more allocations are made, as the server is to end.",
      isDraining ? 1 : 0)
    text.add(
      "turn_limit", .gauge, "What one user, address or allocation may have.",
      [
        .init(limits.allocationsPerUser, ("of", "allocations per user")),
        .init(limits.allocationsPerAddress, ("of", "allocations per address")),
        .init(limits.permissionsPerAllocation, ("of", "permissions per allocation")),
        .init(limits.channelsPerAllocation, ("of", "channels per allocation")),
        .init(limits.connectionsPerAllocation, ("of", "connections per allocation")),
      ])
    text.add("turn_allocated_total", .counter, "Allocations made.", allocated)
    text.add(
      "turn_ended_total", .counter, "Allocations that are over, by reason.",
      Self.samples(ended, "reason"))
    text.add(
      "turn_responses_total", .counter,
      "Responses, by the request's method and the outcome: success or the error code.",
      responses.sorted { $0.key.order < $1.key.order }
        .map { .init($0.value, ("method", "\($0.key.method)"), ("outcome", $0.key.outcome)) })
    text.add(
      "turn_relayed_datagrams_total", .counter, "Datagrams relayed, by direction.",
      [
        .init(traffic.sentCount, ("direction", "to peers")),
        .init(traffic.receivedCount, ("direction", "to clients")),
      ])
    text.add(
      "turn_relayed_bytes_total", .counter, "Bytes of data relayed, by direction.",
      [
        .init(traffic.sentByteCount, ("direction", "to peers")),
        .init(traffic.receivedByteCount, ("direction", "to clients")),
      ])
    text.add(
      "turn_drops_total", .counter, "Datagrams and messages that came to nothing, by reason.",
      Self.samples(drops, "reason"))
    text.add(
      "turn_undelivered_total", .counter,
      "Data lost because a client over TCP or TLS read too slowly.", undelivered)
    text.add(
      "turn_connection_ends_total", .counter,
      "Connections of clients that are over or were refused, by reason.",
      Self.samples(connectionEnds, "reason"))
    text.add(
      "turn_relayed_ports_not_opened_total", .counter,
      "Relayed transport addresses whose socket could not be opened.", notOpened)
    text.add(
      "turn_reloads_total", .counter, "How often the configuration was read anew, by outcome.",
      [.init(reloads, ("outcome", "taken")), .init(refusedReloads, ("outcome", "refused"))])
    return text.text
  }

  /// A sample for each reason, in the order of their words. A reason's section is left out.
  private static func samples(
    _ counts: [String: Int], _ label: String
  ) -> [ExpositionText.Sample] {
    var sums: [String: Int] = [:]
    for (reason, count) in counts {
      let words = reason.firstRange(of: " (RFC").map { reason[..<$0.lowerBound] } ?? reason[...]
      sums[String(words), default: 0] += count
    }
    return sums.sorted { $0.key < $1.key }.map { .init($0.value, (label, $0.key)) }
  }
}

extension RelayFigures.Response {
  /// `success`, or the error code.
  fileprivate var outcome: String { code.map { "\($0.rawValue)" } ?? "success" }

  /// Where it stands in a list.
  fileprivate var order: (method: UInt16, code: UInt16) { (method.rawValue, code?.rawValue ?? 0) }
}
