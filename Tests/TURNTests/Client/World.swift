import STUN
import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

/// A client, a server and echoing peers on a network that loses, repeats and reorders by a seed.
struct World {
  enum Packet {
    case toServer([UInt8], on: FiveTuple)
    case toClient([UInt8], on: FiveTuple)
    case toPeer([UInt8], TransportAddress, from: TransportAddress)
    case fromPeer([UInt8], TransportAddress, to: TransportAddress)
  }

  var server: TestServer
  var client: TURNClient
  var tuple = alice
  /// A 5-tuple that the client takes its allocation to.
  var added: FiveTuple?
  /// Where packets come to the client, but for `tuple` and `added`: what it has left, and has still.
  var former: Set<FiveTuple> = []
  var generator: SeededGenerator
  var now = Instant.zero
  /// How many of a hundred packets between client and server are lost, and how many come twice.
  var loss = 0
  var duplication = 0
  /// The longest delay; the shortest is 10 ms.
  var delay = 10
  /// Whether a packet is lost on purpose.
  var isLost: (Packet) throws -> Bool = { _ in false }

  private var packets: [Int: Packet] = [:]
  private var queue = DeadlineQueue<Int>()
  private var number = 0
  /// When an address was last permitted, as the server's success responses say.
  private var permitted: [IPAddress: Instant] = [:]
  private var asked: [TransactionID: [IPAddress]] = [:]

  var events: [TURNClient.Event] = []
  /// What came to the client, with its peer.
  var received: [(data: [UInt8], peer: TransportAddress)] = []
  /// What came to peers.
  var relayed: [(data: [UInt8], peer: TransportAddress, time: Instant)] = []
  /// The requests that the client has sent, the first time each.
  var requests: [(message: STUNMessage, time: Instant)] = []
  /// The bytes of ChannelData that the client has sent.
  var channelDataCount = 0

  init(
    seed: UInt64 = 1, server: TestServer? = nil, options: TURNClient.Options = .init(),
    user: String = "alice", password: String = "pass"
  ) throws {
    generator = SeededGenerator(seed: seed)
    self.server = try server ?? TestServer(seed: seed &+ 99)
    client = try TURNClient(
      server: serverAddress, username: user, password: password, options: options)
  }

  /// The events of this kind.
  func count(_ isWanted: (TURNClient.Event) -> Bool) -> Int { events.count(where: isWanted) }

  mutating func start() throws {
    client.started(at: now, using: &generator)
    try drain()
  }

  /// Sends data as a user does.
  @discardableResult
  mutating func send(_ data: [UInt8], to peer: TransportAddress) throws -> TURNClient.Outgoing {
    var buffer = [UInt8](repeating: 0xEE, count: TURNClient.headroom) + data + [1, 2, 3]
    var span = buffer.mutableSpan
    let outgoing = client.send(
      &span, payload: TURNClient.headroom..<TURNClient.headroom + data.count, to: peer, at: now,
      using: &generator)
    if case .send(let range) = outgoing { try transmit(Array(buffer[range]), on: tuple) }
    try drain()
    return outgoing
  }

  /// The host has another 5-tuple besides.
  mutating func add(_ tuple: FiveTuple) throws {
    added = tuple
    client.fiveTupleAdded(at: now, using: &generator)
    try drain()
  }

  /// The host has another 5-tuple, and the old one no more.
  mutating func change(to tuple: FiveTuple) throws {
    self.tuple = tuple
    former = []
    client.fiveTupleChanged(at: now, using: &generator)
    try drain()
  }

  private mutating func transmit(_ bytes: [UInt8], on tuple: FiveTuple) throws {
    if bytes[0] & 0xC0 == 0x40 {
      channelDataCount += 1
    } else {
      let message = try STUNMessage(bytes)
      if message.type.class == .request,
        !requests.contains(where: { $0.message.transactionID == message.transactionID })
      {
        requests.append((message, now))
      }
    }
    try enqueue(.toServer(bytes, on: tuple))
  }

  private mutating func enqueue(_ packet: Packet) throws {
    if try isLost(packet) { return }
    let copies = Int.random(in: 0..<100, using: &generator) < duplication ? 2 : 1
    for _ in 0..<copies where Int.random(in: 0..<100, using: &generator) >= loss {
      let time = Int64.random(in: 10...Int64(delay), using: &generator)
      packets[number] = packet
      queue.set(number, at: now.advanced(by: .milliseconds(time)))
      number += 1
    }
  }

  private mutating func drain() throws {
    while let action = client.nextAction() {
      switch action {
      case .send(let bytes, let to):
        guard to == serverAddress else { throw Failure("sent to \(to)") }
        try transmit(bytes, on: tuple)
      case .sendOnAdded(let bytes, _): try transmit(bytes, on: added!)
      case .useAdded:
        former.insert(tuple)
        tuple = added!
        added = nil
      case .report(let event): events.append(event)
      case .changeFiveTuple:
        tuple.remote.port += 1
        client.fiveTupleChanged(at: now, using: &generator)
      }
    }
  }

  /// Lets everything happen until then.
  mutating func run(until end: Instant) throws {
    try drain()
    var steps = 0
    while true {
      let next = [queue.nextDeadline, client.nextDeadline, server.server.nextDeadline]
        .compactMap { $0 }.min()
      guard let next, next <= end else { break }
      steps += 1
      guard steps < 2_000_000 else { throw Failure("it never rests") }
      now = max(now, next)
      try server.advance(to: now)
      if let deadline = client.nextDeadline, deadline <= now {
        client.timerFired(at: now, using: &generator)
        try drain()
      }
      while let (number, _) = queue.popDue(at: now) {
        try deliver(packets.removeValue(forKey: number)!)
      }
    }
    now = end
    try server.advance(to: now)
  }

  private mutating func deliver(_ packet: Packet) throws {
    switch packet {
    case .toServer(let bytes, let tuple):
      if let message = try? STUNMessage(bytes), message.type.class == .request {
        asked[message.transactionID] = try message.xorPeerAddresses.map(\.address)
      }
      let (verdict, sent) = try server.receive(bytes, on: tuple)
      for (bytes, tuple) in sent {
        let message = try STUNMessage(bytes)
        if message.type.class == .successResponse {
          for address in asked[message.transactionID] ?? [] { permitted[address] = now }
        }
        try enqueue(.toClient(bytes, on: tuple))
      }
      guard case .relay(let range, let peer, let relayed, _) = verdict else { return }
      try checkPermission(peer.address)
      guard server.server.configuration.policy.allows(peer.address) else {
        throw Failure("relayed to \(peer)")
      }
      try enqueue(.toPeer(Array(bytes[range]), peer, from: relayed))
    case .toClient(let bytes, let to):
      guard to == tuple || to == added || former.contains(to) else { return }
      let incoming = client.received(
        bytes.span, from: serverAddress, at: now, using: &generator)
      if case .data(let range, let peer) = incoming {
        received.append((Array(bytes[range]), peer))
      }
      try drain()
    case .toPeer(let data, let peer, let relayedAddress):
      relayed.append((data, peer, now))
      try enqueue(.fromPeer(data, peer, to: relayedAddress))
    case .fromPeer(let data, let peer, let relayedAddress):
      let (verdict, bytes) = server.fromPeer(data, peer, to: relayedAddress)
      guard case .deliver(_, let tuple) = verdict else { return }
      try checkPermission(peer.address)
      try enqueue(.toClient(bytes, on: tuple))
    }
  }

  /// A permission never outlives its 300 s.
  private func checkPermission(_ address: IPAddress) throws {
    guard let time = permitted[address], time.duration(to: now) < .seconds(300) else {
      throw Failure("no permission for \(address) at \(now)")
    }
  }
}

extension World.Packet {
  /// Whether it is a message of this class and method.
  func isMessage(_ messageClass: MessageClass, _ method: STUNMethod) throws -> Bool {
    switch self {
    case .toServer(let bytes, _), .toClient(let bytes, _):
      guard let first = bytes.first, first & 0xC0 == 0 else { return false }
      return try STUNMessage(bytes).type == MessageType(messageClass, method)
    default: return false
    }
  }
}
