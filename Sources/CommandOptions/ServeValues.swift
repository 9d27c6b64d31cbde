public import ArgumentParser
internal import Glibc
public import TransportAddress

/// An address to listen at: `192.0.2.1:3478`, `[2001:db8::1]:3478`, or without a port, which is 3478.
public struct ListeningAddress: Hashable, Sendable, ExpressibleByArgument {
  /// The endpoint.
  public var endpoint: TransportAddress

  /// Reads an address with or without a port; nil for other text.
  public init?(argument: String) {
    if let endpoint = try? TransportAddress(parsing: argument) {
      self.endpoint = endpoint
    } else if let address = try? IPAddress(parsing: argument) {
      endpoint = TransportAddress(address, port: 3478)
    } else {
      return nil
    }
  }
}

/// Where metrics can be read: `9641`, which is this machine's alone, or `192.0.2.1:9641`.
public struct MetricsAddress: Hashable, Sendable, ExpressibleByArgument {
  /// The endpoint.
  public var endpoint: TransportAddress

  /// Reads a port, or an address with a port; nil for other text.
  public init?(argument: String) {
    if let port = UInt16(argument) {
      endpoint = TransportAddress("127.0.0.1", port: port)
    } else if let endpoint = try? TransportAddress(parsing: argument) {
      self.endpoint = endpoint
    } else {
      return nil
    }
  }
}

/// A user with a password: `alice:correct horse`.
public struct ServedUser: Hashable, Sendable, ExpressibleByArgument {
  /// The name, without a colon.
  public var name: String
  /// The password, which may have colons.
  public var password: String

  /// Reads `NAME:PASSWORD`; nil where one of them is missing.
  public init?(argument: String) {
    guard let colon = argument.firstIndex(of: ":") else { return nil }
    name = String(argument[..<colon])
    password = String(argument[argument.index(after: colon)...])
    guard !name.isEmpty, !password.isEmpty else { return nil }
  }
}

/// Where a secret is: never on the command line, which others on the machine can see.
public enum SecretSource: Hashable, Sendable, ExpressibleByArgument {
  /// The first line of a file: `file:/etc/turn-secret`.
  case file(String)
  /// An environment variable: `env:TURN_SECRET`.
  case environment(String)

  /// Reads `file:PATH` or `env:VARIABLE`; nil for other text.
  public init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "file": self = .file(parts[1])
    case "env": self = .environment(parts[1])
    default: return nil
    }
  }
}

/// All addresses whose leading bits are the same: `10.0.0.0/8`, `2001:db8::/32`, or one address.
public struct AddressBlock: Hashable, Sendable, ExpressibleByArgument {
  /// An address of the block.
  public var address: IPAddress
  /// How many leading bits the block's addresses share.
  public var prefixLength: Int

  /// Reads a block; nil for other text.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2,
      let address = try? IPAddress(parsing: first)
    else { return nil }
    self.address = address
    let bitCount = if case .v4 = address { 32 } else { 128 }
    guard parts.count == 2 else {
      prefixLength = bitCount
      return
    }
    guard let length = Int(parts[1]), (0...bitCount).contains(length) else { return nil }
    prefixLength = length
  }
}

/// How many threads serve: a number, or `auto`, one for each core of the machine.
public struct ThreadCount: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
  /// The number, 1 or more.
  public var count: Int

  /// The most that a server can have.
  static let maximum = 256

  /// So many threads.
  public init(_ count: Int) {
    self.count = count
  }

  /// Reads a number or `auto`; nil for other text and for a number that no server can have.
  public init?(argument: String) {
    if argument == "auto" {
      count = min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), Self.maximum)
    } else if let count = Int(argument), (1...Self.maximum).contains(count) {
      self.count = count
    } else {
      return nil
    }
  }

  /// The number as it is typed.
  public var description: String { "\(count)" }
}

/// A range of ports: `49152-65535`.
public struct PortRange: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
  /// The ports.
  public var ports: ClosedRange<UInt16>

  /// These ports.
  public init(_ ports: ClosedRange<UInt16>) {
    self.ports = ports
  }

  /// Reads `FIRST-LAST`; nil for other text, for port 0 and where the last comes before the first.
  public init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = UInt16(parts[0]), let last = UInt16(parts[1]),
      first > 0, first <= last
    else { return nil }
    ports = first...last
  }

  /// The range as it is typed.
  public var description: String { "\(ports.lowerBound)-\(ports.upperBound)" }
}
