import STUN
import STUNCodec
import SansIO
import Simulator
import Testing
import TransportAddress

/// A TURN client that says exactly what a test wants to be said, over UDP or over TCP.
struct PlainClient {
  /// The host that it is on.
  let host: HostID
  /// Its own address and port.
  let address: TransportAddress
  let isStream: Bool
  private(set) var session: LongTermSession
  private var number: UInt64 = 0

  /// A client on a host of its own.
  init(
    _ name: String = "alice", at address: IPv4Address = "198.51.100.77",
    password: String = "secret", named hostName: String? = nil, overTCP isStream: Bool = false,
    in street: inout RelayStreet
  ) throws {
    self.isStream = isStream
    self.address = TransportAddress(.v4(address), port: 5000)
    host =
      isStream
      ? street.network.host(
        hostName ?? name, at: address, running: StreamClientEndpoint())
      : street.network.host(hostName ?? name, at: address, running: ScriptEndpoint())
    session = try LongTermSession(username: name, password: password)
    street.network.run(for: .milliseconds(100))
  }

  /// Its 5-tuple, as the server sees it.
  var tuple: FiveTuple {
    FiveTuple(
      isStream ? .tcp : .udp,
      local: isStream ? RelayStreet.streamServer : RelayStreet.server, remote: address)
  }

  // MARK: - Bytes

  /// Sends bytes to the relay, and lets some time pass.
  func send(_ bytes: [UInt8], in street: inout RelayStreet) {
    if isStream {
      street.network.tell(host, StreamClientEndpoint.self) { client, _, _ in client.send(bytes) }
    } else {
      street.network.tell(host, ScriptEndpoint.self) { script, _, _ in
        script.send(bytes, to: RelayStreet.server)
      }
    }
    street.network.run(for: .milliseconds(100))
  }

  /// What has come: datagrams, or the frames of the stream without their padding.
  func received(in street: RelayStreet) -> [[UInt8]] {
    if isStream {
      return street.network.program(on: host, as: StreamClientEndpoint.self)?.frames ?? []
    }
    return street.received(by: host).map(\.payload)
  }

  /// What has happened to the connection.
  func end(in street: RelayStreet) -> StreamEvent? {
    street.network.program(on: host, as: StreamClientEndpoint.self)?.end
  }

  // MARK: - Requests

  /// A protected request with a fresh transaction ID.
  mutating func request(
    _ method: STUNMethod, _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    number += 1
    let id = TransactionID(high: 0x0F1E_1D00, low: number)
    return try STUNMessage.encode(MessageType(.request, method), transactionID: id) { message in
      try body(&message)
      try session.protect(&message)
    }
  }

  /// The response to a request.
  func exchange(_ request: [UInt8], in street: inout RelayStreet) throws -> STUNMessage {
    let id = try STUNMessage(request).transactionID
    let count = received(in: street).count
    send(request, in: &street)
    let responses = received(in: street).dropFirst(count).compactMap { try? STUNMessage($0) }
    return try #require(responses.first { $0.transactionID == id }, "no response")
  }

  /// The response to a request, after a challenge if there is one.
  mutating func ask(
    _ method: STUNMethod, in street: inout RelayStreet,
    _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> STUNMessage {
    var attempt = LongTermSession.Attempt()
    while true {
      let response = try exchange(request(method, body), in: &street)
      guard let code = try response.errorCode, code == .unauthenticated || code == .staleNonce,
        challenged(by: response, code, &attempt)
      else { return response }
    }
  }

  /// Takes up a challenge.
  ///
  /// - Returns: whether the request is worth another try.
  mutating func challenged(
    by response: STUNMessage, _ code: ErrorCode, _ attempt: inout LongTermSession.Attempt
  ) -> Bool {
    session.challenged(by: response.view, code, &attempt) == .retry
  }

  /// The code with which a request is refused; nil if it is not.
  mutating func refusal(
    _ method: STUNMethod, in street: inout RelayStreet,
    _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
  ) throws -> ErrorCode? {
    try ask(method, in: &street, body).errorCode
  }

  /// Allocates, and gives the relayed transport address.
  @discardableResult
  mutating func allocate(in street: inout RelayStreet) throws -> TransportAddress {
    let response = try ask(.allocate, in: &street) { try $0.append(requestedTransport: 17) }
    return try #require(try response.xorRelayedAddress, "no allocation")
  }

  /// Installs a permission.
  mutating func permit(_ peer: TransportAddress, in street: inout RelayStreet) throws {
    let code = try refusal(.createPermission, in: &street) { try $0.append(xorPeerAddress: peer) }
    guard code == nil else { throw Failure("no permission: \(code!)") }
  }

  /// Binds a channel; nil, or the code with which that is refused.
  mutating func bind(
    _ number: UInt16, to peer: TransportAddress, in street: inout RelayStreet
  ) throws -> ErrorCode? {
    try refusal(.channelBind, in: &street) {
      try $0.append(.channelNumber, bytes: [UInt8(number >> 8), UInt8(number & 0xFF), 0, 0])
      try $0.append(xorPeerAddress: peer)
    }
  }
}
