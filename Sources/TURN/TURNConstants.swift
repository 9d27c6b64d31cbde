/// The numbers of TURN, each with what its RFC says about it.
public enum TURNConstants {
  /// How long an allocation lasts that is not refreshed, unless it was asked for longer: 10 minutes
  /// (RFC 8656 §3.2).
  public static let defaultLifetime: Duration = .seconds(600)

  /// The longest lifetime that a server should grant: one hour is recommended (RFC 8656 §7.2).
  public static let maximumLifetime: Duration = .seconds(3600)

  /// How long a permission lasts: 300 seconds, and the client cannot choose (RFC 8656 §9).
  public static let permissionLifetime: Duration = .seconds(300)

  /// How long a channel stays bound: 10 minutes (RFC 8656 §12).
  public static let channelLifetime: Duration = .seconds(600)

  /// How long a port stays reserved for its RESERVATION-TOKEN: 30 seconds at least (RFC 8656 §7.2).
  public static let reservationLifetime: Duration = .seconds(30)

  /// How long a retransmitted Allocate request is known again: until its client has given up
  /// (RFC 8489 §6.3.1).
  public static let transactionLifetime: Duration = .seconds(40)

  /// How long data that come from a 5-tuple which the client has left are still taken: what is on its way
  /// when a client moves may be overtaken by what it sends from its new place.
  public static let formerTupleLifetime: Duration = .seconds(10)

  /// The ports of relayed transport addresses: the dynamic range is recommended (RFC 8656 §7.2).
  public static let relayedPorts: ClosedRange<UInt16> = 49152...65535

  /// The IP protocol number of UDP, the transport protocol toward peers (RFC 8656 §18.8).
  static let udp: UInt8 = 17
  /// That of TCP, for allocations of TCP connections (RFC 6062 §4.1).
  static let tcp: UInt8 = 6

  /// How long a TCP connection to a peer may take to come about: at least 30 seconds (RFC 6062 §5.2).
  public static let connectTimeout: Duration = .seconds(30)
  /// How long a TCP connection with a peer waits for its ConnectionBind request: 30 seconds
  /// (RFC 6062 §5.2 and §5.3).
  public static let bindingTimeout: Duration = .seconds(30)
  /// How long a client waits after 447 before it asks for the same peer again: at least 10 seconds
  /// (RFC 6062 §4.3).
  public static let connectPause: Duration = .seconds(10)
}
