import CommandOptions
import Connections
import Diagnosis
import ProgramSupport
import Relay
import SansIO
import Signaling
import Sockets
import TURN
import TransportAddress

/// A side's connection to a signaling server: the driver of `SignalingClient`.
struct SignalingChannel {
  /// The room that both sides name: `ws://HOST:PORT/ROOM`.
  struct Place {
    /// Host and port as the URL has them.
    let authority: String
    let room: String
    /// The addresses of the host; one at least.
    let addresses: [TransportAddress]

    /// - Throws: `WorkbookError` for another URL, and where the host has no address.
    init(_ url: String) throws(WorkbookError) {
      let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, parts[0].lowercased() == "ws:", parts[1].isEmpty,
        // The host and port of one scheme are those of another.
        let host = try? TURNURI(parsing: "turn:\(parts[2])?transport=tcp")
      else { throw .usage("--signal: '\(url)' is no ws://HOST:PORT/ROOM") }
      guard SignalingRoom.isName(parts[3]) else {
        throw .usage(
          "--signal: a room's name has 1 to 64 letters, digits and -._~, not '\(parts[3])'")
      }
      (authority, room) = (String(parts[2]), String(parts[3]))
      let found: [IPAddress]
      switch host.host {
      case .address(let address): found = [address]
      case .name(let name):
        // A web server is found by its address records alone.
        guard case .addresses(let answer) = NameService().answer(to: .addresses(name)) else {
          throw .missing("no address is known for \(url)", remedy: nil)
        }
        found = answer
      }
      addresses = found.map { TransportAddress($0, port: host.port ?? 80) }
    }
  }

  /// How long each of the server's addresses may take to open the room.
  private static let patience = Duration.seconds(5)
  /// How many bytes may wait for the server.
  private static let waitingByteCount = 1 << 20

  private let place: Place
  private var client: SignalingClient
  private var connection: StreamConnection?
  private var id: SocketID?
  private var tried = 0
  private var isConnected = false
  private var reason = ""
  private var events: [SignalingClient.Event] = []
  private var generator = SystemRandomNumberGenerator()
  /// When to give up the address that is asked; nil once it has opened the room, and after the end.
  private(set) var deadline: Instant?

  init(_ place: Place) {
    self.place = place
    client = SignalingClient(host: place.authority, room: place.room, using: &generator)
  }

  /// Begins to connect.
  mutating func start(_ live: inout LiveConnection) { connect(&live) }

  /// Whether what the loop tells of is this connection.
  func has(_ other: SocketID) -> Bool { id == other }

  /// The next thing that has happened; nil when there is none.
  mutating func nextEvent() -> SignalingClient.Event? {
    events.isEmpty ? nil : events.removeFirst()
  }

  /// Does what the connection is ready for.
  mutating func ready(_ readiness: Readiness, _ live: inout LiveConnection) {
    guard let connection else { return }
    var bytes: [UInt8] = []
    connection.ready(readiness) { span in span.withUnsafeBytes { bytes += $0 } }
    if !isConnected, connection.state == .open {
      isConnected = true
      client.connected()
    }
    if !bytes.isEmpty { client.received(bytes, using: &generator) }
    settle(&live)
  }

  /// Says something to the other side.
  mutating func say(_ text: String, _ live: inout LiveConnection) {
    client.say(text, using: &generator)
    settle(&live)
  }

  /// The deadline has come: the next address is tried, unless this one has taken the connection.
  mutating func timerFired(_ live: inout LiveConnection) {
    close(&live)
    reason = "the server does not answer"
    if isConnected { fail() } else { connect(&live) }
  }

  /// Leaves the room.
  mutating func leave(_ live: inout LiveConnection) {
    deadline = nil
    client.leave(using: &generator)
    settle(&live)
    close(&live)
  }

  // MARK: - The connection

  /// Tries the next address.
  private mutating func connect(_ live: inout LiveConnection) {
    while tried < place.addresses.count {
      let address = place.addresses[tried]
      tried += 1
      do throws(SocketError) {
        let socket = try StreamSocket(connectingTo: address)
        let made = StreamConnection(socket, isAccepted: false, session: nil, memory: StreamMemory())
        connection = made
        id = live.watch(socket, for: made.interest)
        deadline = live.now.advanced(by: Self.patience)
        return
      } catch {
        reason = "\(error)"
      }
    }
    fail()
  }

  /// Tells the end, for the reason that was found last.
  private mutating func fail() {
    deadline = nil
    client.disconnected(reason)
    takeActions()
  }

  private mutating func settle(_ live: inout LiveConnection) {
    takeActions()
    guard let connection, let id else { return }
    guard case .ended(let end) = connection.state else {
      return live.change(id, to: connection.interest)
    }
    close(&live)
    reason = "\(end)"
    if isConnected { fail() } else { connect(&live) }
  }

  private mutating func takeActions() {
    while let action = client.nextAction() {
      switch action {
      case .send(let bytes):
        _ = connection?.send(bytes.span.bytes, limit: Self.waitingByteCount)
      case .report(let event):
        if event == .opened { deadline = nil }
        events.append(event)
      }
    }
  }

  private mutating func close(_ live: inout LiveConnection) {
    if let id { live.unwatch(id) }
    (id, connection) = (nil, nil)
  }
}
