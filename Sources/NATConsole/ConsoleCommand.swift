public import IPPacket
public import NATTable
public import TransportAddress

/// What a line of the console's language asks for.
public enum ConsoleCommand: Hashable, Sendable {
  /// A packet from the inside.
  case send(Packet)
  /// A packet from the outside.
  case receive(Packet)
  /// The answer to the packet that went on last, from its receiver.
  case reply
  /// An ICMP error about the packet that went on last, from its receiver or a router.
  case error(ICMPErrorName, from: IPAddress?)
  /// Time passes.
  case wait(Duration)
  /// Shows the mappings.
  case table
  /// The packet before must have met with this, or the script is wrong.
  case expect(Expectation)
  /// Takes back the last command that changed something.
  case undo
  /// Begins anew with a preset, or tells of the one there is.
  case preset(String?)
  /// Begins anew with these outside addresses.
  case external([IPAddress])
  /// Begins anew with another mapping behavior.
  case mapping(EndpointDependence)
  /// Begins anew with another filtering behavior.
  case filtering(EndpointDependence)
  /// Begins anew with another time for which something is remembered.
  case timer(TimerName, Duration)
  /// A mapping that never ends.
  case map(TransportProtocol, inside: TransportAddress, outside: TransportAddress)
  /// A row of the table that is to be reached; nil to ask for all.
  case goal(Goal.Row?)
  /// In how few packets the goal can be reached.
  case par(Int)
  /// Lists the commands.
  case help
  /// Leaves the console.
  case quit
}

/// Why a line cannot be understood or obeyed: what is wrong, and where.
public struct ConsoleError: Error, Hashable, Sendable {
  /// In characters from the line's start, from 1.
  public var column: Int

  /// What is wrong, in words for a person.
  public var message: String

  /// Whether the line was understood, and what it expects is not so.
  public var isUnmet = false

  /// An error at a column, counted from 1.
  public init(column: Int, message: String) {
    self.column = column
    self.message = message
  }
}

/// What a packet is expected to meet with.
public enum Expectation: Hashable, Sendable {
  /// It goes on.
  case forward
  /// It is dropped, for a reason with this code if there is one.
  case drop(String?)
  /// It is a fragment that waits.
  case hold
}

/// The ICMP errors that the console can send.
public enum ICMPErrorName: String, Hashable, Sendable, CaseIterable {
  case hostUnreachable = "host-unreachable"
  case portUnreachable = "port-unreachable"
  case tooBig = "too-big"
  case prohibited = "prohibited"
  case timeExceeded = "time-exceeded"

  /// Its type and code in the ICMP that goes with an address (RFC 792, RFC 4443 §3).
  func kind(for address: IPAddress) -> ICMPError.Kind {
    let isV6 = if case .v6 = address { true } else { false }
    return switch self {
    case .hostUnreachable: isV6 ? .init(type: 1, code: 3) : .hostUnreachable
    case .portUnreachable: .portUnreachable(for: address)
    case .tooBig: isV6 ? .init(type: 2, code: 0) : .fragmentationNeeded
    case .prohibited: isV6 ? .init(type: 1, code: 1) : .administrativelyProhibited
    case .timeExceeded: isV6 ? .init(type: 3, code: 0) : .timeExceeded
    }
  }
}

/// The times of a NAT that the console can change.
public enum TimerName: String, Hashable, Sendable, CaseIterable {
  case udp
  case udpUnanswered = "udp-unanswered"
  case tcp
  case tcpTransitory = "tcp-transitory"
  case icmp
  case unsolicitedSYN = "syn"
  case fragments

  /// Puts the time where it belongs.
  public func set(_ time: Duration, in timeouts: inout NATTable.Timeouts) {
    switch self {
    case .udp: timeouts.udp = time
    case .udpUnanswered: timeouts.udpUnanswered = time
    case .tcp: timeouts.tcpEstablished = time
    case .tcpTransitory:
      timeouts.tcpTransitory = time
      // The kernel's times for each state would take its place.
      timeouts.tcpStates = nil
    case .icmp: timeouts.icmp = time
    case .unsolicitedSYN: timeouts.unsolicitedSYN = time
    case .fragments: timeouts.fragments = time
    }
  }
}

extension ConsoleCommand {
  /// A name of the language, with its arguments and what it does.
  public struct Entry: Hashable, Sendable, Encodable {
    /// The line's first word.
    public var name: String
    /// The whole line, its variable parts in capitals.
    public var usage: String
    /// What the line does, with an example for some.
    public var summary: String
  }

  /// The whole language.
  public static let entries: [Entry] = [
    Entry(
      name: "send", usage: "send [tcp [FLAGS] | ping] INSIDE > OUTSIDE [FRAGMENT]",
      summary: "a packet from the inside: send 10.0.0.2:5000 > 203.0.113.9:3478"),
    Entry(
      name: "receive", usage: "receive [tcp [FLAGS] | ping] OUTSIDE > NAT [FRAGMENT]",
      summary: "a packet from the outside; FLAGS such as syn or syn+ack; "
        + "FRAGMENT such as fragment 7 from 0, or fragment 7 from 1480 last"),
    Entry(name: "reply", usage: "reply", summary: "the answer to the packet that went on last"),
    Entry(
      name: "error", usage: "error NAME [from ADDRESS]",
      summary: "an ICMP error about the packet that went on last, from its receiver or a router; "
        + "NAME is " + listed(ICMPErrorName.allCases.map(\.rawValue))),
    Entry(
      name: "expect", usage: "expect forward | drop [CODE] | hold",
      summary: "end a script with 1 unless the packet before met with it; "
        + "the codes are those of --json"),
    Entry(name: "wait", usage: "wait TIME", summary: "let time pass: 500ms, 1.5s, 5m, 2h, 1d"),
    Entry(name: "table", usage: "table", summary: "show the mappings"),
    Entry(name: "undo", usage: "undo", summary: "take back the last change"),
    Entry(
      name: "preset", usage: "preset [NAME]",
      summary: "begin anew with another kind of NAT: " + listed(ConsoleNAT.presets)),
    Entry(
      name: "external", usage: "external ADDRESS...",
      summary: "begin anew with these outside addresses"),
    Entry(
      name: "map", usage: "map [udp | tcp] INSIDE = OUTSIDE",
      summary: "forward a port: map tcp 10.0.0.2:80 = 203.0.113.7:80"),
    Entry(
      name: "mapping", usage: "mapping BEHAVIOR",
      summary: "begin anew with another mapping: " + listed(behaviors.map(\.name))),
    Entry(
      name: "filtering", usage: "filtering BEHAVIOR",
      summary: "begin anew with another filter, of the same behaviors"),
    Entry(
      name: "timer", usage: "timer NAME TIME",
      summary: "begin anew with another time; NAME is "
        + listed(TimerName.allCases.map(\.rawValue))),
    Entry(
      name: "goal", usage: "goal [[udp | tcp | icmp] INSIDE [= OUTSIDE] [from REMOTE...]]",
      summary: "a row of the table that is to be reached, or how far it is"),
    Entry(name: "par", usage: "par NUMBER", summary: "in how few packets the goal can be reached"),
    Entry(name: "help", usage: "help", summary: "show this list"),
    Entry(name: "quit", usage: "quit", summary: "leave; so does the end of the input"),
  ]

  /// The behaviors of mapping and filtering with the names that a line has for them.
  static let behaviors = EndpointDependence.allCases.map { behavior in
    (name: String(behavior.description.map { $0 == " " ? "-" : $0 }), behavior: behavior)
  }

  private static func listed(_ names: [String]) -> String { names.joined(separator: ", ") }
}
