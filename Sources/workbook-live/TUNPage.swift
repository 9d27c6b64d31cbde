import CommandOptions
import IPPacket
import NATConsole
import NATTable
import Router
import SansIO
import TUN
import Terminal
import TransportAddress

/// What `nat --tun` prints: a line for each thing that happens, and the table.
struct TUNPage {
  let output: Writer
  let isJSON: Bool
  let isQuiet: Bool

  /// Says how the networks are laid out.
  func begin(
    _ plan: TUNPlan, _ configuration: NATTable.Configuration, _ layout: borrowing TUNLayout
  ) {
    let gateway = plan.gateway.address
    let line = Line(
      result: "ready", mapping: configuration.mapping.description,
      filtering: configuration.filtering.description, inside: gateway.description,
      outside: plan.externalAddresses.map(\.description).joined(separator: ", "),
      insideDevice: layout.inside.name, outsideDevice: layout.outside.name,
      neighbours: layout.neighbors.map(\.description))
    if isQuiet { return }
    defer { output.flush() }
    if isJSON { return json(line) }
    output.line(
      StyledText(
        "NAT with \(configuration.mapping) mapping and \(configuration.filtering) filtering: "
          + "\(gateway) at \(layout.inside.name) inside, \(line.outside ?? "") at "
          + "\(layout.outside.name) outside", .heading))
    if !layout.neighbors.isEmpty {
      let addresses = layout.neighbors.map(\.description).joined(separator: " and ")
      output.line(StyledText("outside, its neighbour is \(addresses)", .muted))
    }
  }

  /// Shows what has happened, and when.
  func show(_ event: TUNRouter.Event, at now: Instant) {
    // Milliseconds, as in a console's table.
    let milliseconds = now.nanoseconds / 1_000_000
    let time = StyledText("  at \(Instant.milliseconds(milliseconds))", .muted)
    let seconds = Double(milliseconds) / 1000
    switch event {
    case .mapping(let mapping):
      show(mapping, "mapping", .success, time, seconds)
    case .expired(let mapping):
      show(mapping, "expired", .muted, time, seconds)
    case .drop(let packet, let side, let reason):
      let name = side == .inside ? "inside" : "outside"
      if isJSON {
        return json(
          Line(
            result: "drop", time: seconds, from: name, packet: packet?.description,
            reason: reason.description))
      }
      output.line(
        StyledText("drop ", .failure)
          + StyledText("from the \(name)\(packet.map { ": \($0)" } ?? ""): \(reason)") + time)
    case .overflow(let count, let side):
      let name = side == .inside ? "inside" : "outside"
      if isJSON {
        return json(Line(result: "overflow", time: seconds, from: name, packets: count))
      }
      output.line(
        StyledText("lost ", .failure)
          + StyledText("\(packets(count)) from the \(name): the device's queue was full") + time)
    case .pause: output.flush()
    }
  }

  private func show(
    _ mapping: NATTable.Mapping, _ word: String, _ role: TextRole, _ time: StyledText,
    _ seconds: Double
  ) {
    let scope = mapping.scope.description
    if isJSON {
      return json(
        Line(
          result: word, time: seconds, inside: mapping.inside.description,
          outside: mapping.outside.description, protocol: mapping.protocol.description, to: scope))
    }
    output.line(
      StyledText(word + " ", role)
        + StyledText("\(mapping.protocol) \(mapping.inside) → \(mapping.outside), to \(scope)")
        + time)
  }

  /// Shows the mappings that there are.
  func showTable(_ router: borrowing TUNRouter) {
    var table = router.router.table
    table.expire(at: router.now)
    let result = ConsoleResult.table(.table(table), now: router.now)
    if isJSON {
      json(result)
    } else {
      output.lines(NATPage.lines(of: result, output.presentation))
    }
    output.flush()
  }

  /// Shows the table for the last time, and how many packets there were.
  func finish(_ router: borrowing TUNRouter) {
    if isQuiet { return output.flush() }
    showTable(router)
    let counts = router.counts
    let dropped = counts.dropped.map { Line.Dropped(reason: $0.key.description, packets: $0.value) }
      .sorted { ($1.packets, $0.reason) < ($0.packets, $1.reason) }
    if isJSON {
      json(
        Line(
          result: "ended", outbound: counts.outbound, inbound: counts.inbound, dropped: dropped,
          overflowInside: counts.overflowInside, overflowOutside: counts.overflowOutside))
    } else {
      output.line(
        StyledText("\(counts.outbound) packets went out and \(counts.inbound) came in", .muted))
      for entry in dropped {
        output.line(StyledText("\(entry.packets) dropped: \(entry.reason)", .muted))
      }
      for (count, name) in [(counts.overflowInside, "inside"), (counts.overflowOutside, "outside")]
      where count > 0 {
        output.line(
          StyledText(
            "\(packets(count)) from the \(name) never came here: the device's queue was full",
            .failure))
      }
    }
    output.flush()
  }

  private struct Line: Encodable {
    var result: String
    var time: Double?
    var mapping: String?
    var filtering: String?
    var inside: String?
    var outside: String?
    var insideDevice: String?
    var outsideDevice: String?
    var neighbours: [String]?
    var `protocol`: String?
    var to: String?
    var from: String?
    var packet: String?
    var reason: String?
    var outbound: Int?
    var inbound: Int?
    var dropped: [Dropped]?
    var packets: Int?
    var overflowInside: Int?
    var overflowOutside: Int?

    struct Dropped: Encodable {
      var reason: String
      var packets: Int
    }
  }

  private func packets(_ count: Int) -> String { count == 1 ? "1 packet" : "\(count) packets" }

  private func json(_ value: some Encodable) {
    output.jsonLine(value)
  }
}
