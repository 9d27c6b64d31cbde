public import ArgumentParser
public import TransportAddress

/// What the command `serve` can be told.
///
/// Two programs read these arguments: the one that checks them, and the one that has the sockets.
public struct ServeArguments: ParsableArguments {
  /// The command's name and its help.
  public static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Run a STUN and TURN server.",
    discussion: """
      It tells clients their address (STUN), and lends them one (TURN), over UDP and TCP, and with \
      --tls over TLS. To clients over TCP and TLS it also lends TCP ports (RFC 6062). The first line \
      says where it listens, and gives the servers as a browser's RTCPeerConnection takes them. Then each \
      allocation, and each request that is refused, is a line. Ctrl-C ends it.

      With --signal it also carries the descriptions of 'connect' and 'call' from one side to the other, \
      by WebSocket: two sides that name the same room, ws://HOST:8080/ROOM, hear each other. The server \
      does not read what they say and keeps nothing of it. It is not encrypted, and whoever guesses the \
      name of a room is in it.

      Unless told otherwise it serves this machine alone, makes up a user with a password, and \
      refuses peers that a stranger on the Internet could not reach: this machine's own services, \
      private networks, the local link. Passwords and secrets that it is given it never prints.

      SIGHUP has it read its files anew: certificate, users, secret, peers and limits count from then \
      on, and no connection ends. SIGTERM has it make no more allocations and end with the last one.
      """)

  /// How the output looks.
  @OptionGroup public var output: OutputOptions
  /// Whether the output is JSON.
  @OptionGroup public var format: JSONOption

  /// The file with further words.
  @Option(help: configHelp)
  public var config: String?

  /// Whether everything is only read.
  @Flag(help: "Read everything, say whether it can be served, and end.")
  public var check = false

  /// Where to listen; empty for this machine alone.
  @Option(help: listenHelp)
  public var listen: [ListeningAddress] = []

  /// Whether TLS is served at its usual port.
  @Flag(help: "Serve TLS, too, at port 5349 unless --tls-port says another.")
  public var tls = false

  /// The port of TLS.
  @Option(help: tlsPortHelp)
  public var tlsPort: UInt16?

  /// The file with the server's certificate.
  @Option(help: certHelp)
  public var cert: String?

  /// The file with the certificate's key.
  @Option(help: ArgumentHelp("The file with the certificate's key, in PEM.", valueName: "file"))
  public var key: String?

  /// Whether signaling is served at its usual port.
  @Flag(help: "Serve signaling, too, at port 8080 unless --signal-port says another.")
  public var signal = false

  /// The port of signaling.
  @Option(help: signalPortHelp)
  public var signalPort: UInt16?

  /// The other address and port of behavior discovery.
  @Option(help: alternateHelp)
  public var alternate: ListeningAddress?

  /// Where new allocations are sent to.
  @Option(help: alternateServerHelp)
  public var alternateServer: ListeningAddress?

  /// The users and their passwords.
  @Option(help: userHelp)
  public var user: [ServedUser] = []

  /// A file with a user in each line.
  @Option(help: usersHelp)
  public var users: String?

  /// Where the secret of timed credentials is.
  @Option(help: secretHelp)
  public var secret: SecretSource?

  /// The realm.
  @Option(help: "The realm that clients are told.")
  public var realm = "workbook"

  /// What peers see.
  @Option(help: relayAddressHelp)
  public var relayAddress: [IPAddress] = []

  /// The ports of relayed transport addresses.
  @Option(help: portRangeHelp)
  public var portRange = PortRange(49152...65535)

  /// Peers that are allowed although they are not on the Internet.
  @Option(help: allowPeerHelp)
  public var allowPeer: [AddressBlock] = []

  /// Peers that are refused.
  @Option(help: denyPeerHelp)
  public var denyPeer: [AddressBlock] = []

  /// The allocations of one user.
  @Option(help: allocationsPerUserHelp)
  public var allocationsPerUser = 16

  /// The allocations of all clients at one address.
  @Option(help: allocationsPerAddressHelp)
  public var allocationsPerAddress = 256

  /// The permissions of one allocation.
  @Option(help: permissionsHelp)
  public var permissions = 128

  /// The channels of one allocation.
  @Option(help: channelsHelp)
  public var channels = 64

  /// The TCP connections with peers of one allocation.
  @Option(help: connectionsHelp)
  public var connections = 64

  /// Whether clients may take their allocations to another network.
  @Flag(help: mobilityHelp)
  public var mobility = false

  /// The threads that serve.
  @Option(help: threadsHelp)
  public var threads = ThreadCount(1)

  /// Where metrics can be read.
  @Option(help: metricsHelp)
  public var metrics: MetricsAddress?

  /// How long allocations are waited for at the end, in seconds.
  @Option(help: drainHelp)
  public var drain = 30

  /// The arguments' defaults.
  public init() {}
}

private let configHelp = ArgumentHelp(
  "A file with a line for each word of this list, without its dashes: 'listen 192.0.2.1:3478'.",
  valueName: "file")
private let listenHelp = ArgumentHelp(
  "Where to listen for UDP and TCP, 127.0.0.1:3478 unless given; may be given several times.",
  valueName: "address:port")
private let tlsPortHelp = ArgumentHelp(
  "The port to serve TLS at, at each address that is listened at.", valueName: "port")
private let certHelp = ArgumentHelp(
  "The file with the certificate, in PEM, and those between it and its issuer after it; without one a "
    + "self-signed certificate is made at each start.", valueName: "file")
private let signalPortHelp = ArgumentHelp(
  "The port to serve signaling at, at each address that is listened at.", valueName: "port")
private let alternateHelp = ArgumentHelp(
  "A second address with another port, by which clients can find out how their NAT behaves.",
  valueName: "address:port")
private let alternateServerHelp = ArgumentHelp(
  "Send new allocations to this server (300), and keep those that there are.",
  valueName: "address:port")
private let userHelp = ArgumentHelp(
  "A user. Others on this machine can see a command line: --users keeps passwords in a file.",
  valueName: "name:password")
private let usersHelp = ArgumentHelp(
  "A file with a line NAME:PASSWORD for each user.", valueName: "file")
private let secretHelp = ArgumentHelp(
  "Users named TIME:NAME, whose passwords follow from a secret: file:PATH or env:VARIABLE.",
  valueName: "source")
private let relayAddressHelp = ArgumentHelp(
  "An address to relay from, one of each family at most; else the first to listen at.",
  valueName: "address")
private let portRangeHelp = ArgumentHelp("The ports to relay from.", valueName: "first-last")
private let allowPeerHelp = ArgumentHelp(
  "Peers to allow although they are inside a network, such as 10.0.0.0/8; may be repeated.",
  valueName: "block")
private let denyPeerHelp = ArgumentHelp(
  "Peers to refuse, whatever else is said about them; may be repeated.", valueName: "block")
private let allocationsPerUserHelp = ArgumentHelp(
  "How many allocations a user may have.", valueName: "count")
private let allocationsPerAddressHelp = ArgumentHelp(
  "How many allocations the clients at one address may have.", valueName: "count")
private let permissionsHelp = ArgumentHelp(
  "How many permissions an allocation may have.", valueName: "count")
private let mobilityHelp = ArgumentHelp(
  "Let clients that ask for it keep their allocations when their address changes (RFC 8016).")
private let channelsHelp = ArgumentHelp(
  "How many channels an allocation may have.", valueName: "count")
private let connectionsHelp = ArgumentHelp(
  "How many TCP connections with peers an allocation may have.", valueName: "count")
private let threadsHelp = ArgumentHelp(
  "How many threads serve, 'auto' for one a core; each has its own sockets and its part of the ports.",
  valueName: "count")
private let metricsHelp = ArgumentHelp(
  "Metrics for Prometheus by HTTP, at http://ADDRESS:PORT/metrics; a port alone is for this machine.",
  valueName: "address:port")
private let drainHelp = ArgumentHelp(
  "How long SIGTERM lets allocations go on at most; a second signal ends them at once.",
  valueName: "seconds")
