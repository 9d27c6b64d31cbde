public import IPPacket
import NATTable
public import TransportAddress

/// What a line of the console's language asks for.
public enum ConsoleCommand: Hashable, Sendable {
  /// A packet from the inside.
  case send(Packet)
  /// A packet from the outside.
  case receive(Packet)
  /// The answer to the packet that went on last, from its receiver.
  case reply
  /// Time passes.
  case wait(Duration)
  /// Shows the mappings.
  case table
  /// Takes back the last command that changed something.
  case undo
  /// Begins anew with a preset, or tells of the one there is.
  case preset(String?)
  /// Begins anew with these outside addresses.
  case external([IPAddress])
  /// A mapping that never ends.
  case map(TransportProtocol, inside: TransportAddress, outside: TransportAddress)
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

  /// An error at a column, counted from 1.
  public init(column: Int, message: String) {
    self.column = column
    self.message = message
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
      name: "send", usage: "send [tcp [FLAGS] | ping] INSIDE > OUTSIDE",
      summary: "a packet from the inside: send 10.0.0.2:5000 > 203.0.113.9:3478"),
    Entry(
      name: "receive", usage: "receive [tcp [FLAGS] | ping] OUTSIDE > NAT",
      summary: "a packet from the outside; FLAGS such as syn or syn+ack"),
    Entry(name: "reply", usage: "reply", summary: "the answer to the packet that went on last"),
    Entry(name: "wait", usage: "wait TIME", summary: "let time pass: 500ms, 30s, 5m, 2h"),
    Entry(name: "table", usage: "table", summary: "show the mappings"),
    Entry(name: "undo", usage: "undo", summary: "take back the last change"),
    Entry(name: "preset", usage: "preset [NAME]", summary: "begin anew with another kind of NAT"),
    Entry(
      name: "external", usage: "external ADDRESS...",
      summary: "begin anew with these outside addresses"),
    Entry(
      name: "map", usage: "map [udp | tcp] INSIDE = OUTSIDE",
      summary: "forward a port: map tcp 10.0.0.2:80 = 203.0.113.7:80"),
    Entry(name: "help", usage: "help", summary: "show this list"),
    Entry(name: "quit", usage: "quit", summary: "leave; so does the end of the input"),
  ]
}
