import NATTable
import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

let client: TransportAddress = "10.0.0.2:5000"
let server: TransportAddress = "198.51.100.1:3478"
let otherServer: TransportAddress = "198.51.100.2:3479"

/// A Binding request with a FINGERPRINT.
func bindingRequest(
  id: TransactionID = TransactionID(high: 1, low: 2),
  _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
) throws -> [UInt8] {
  try STUNMessage.encode(.bindingRequest, transactionID: id) { message in
    try body(&message)
    try message.appendFingerprint()
  }
}

/// A response to the request, of this class, with these attributes.
func response(
  to request: [UInt8], _ messageClass: MessageClass = .successResponse,
  _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
) throws -> [UInt8] {
  let request = try STUNMessage(request)
  return try STUNMessage.encode(
    MessageType(messageClass, request.type.method), transactionID: request.transactionID, body)
}

/// What OpaqueString says about a text that it does not take.
func refusal(of text: String) throws -> OpaqueStringError {
  try #require(throws: OpaqueStringError.self) { try OpaqueString.prepare(text) }
}

/// Something that should have happened and has not.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ what: Any) { description = "\(what)" }
}

extension BindingServer {
  /// What the server sends for a packet, and from and to where; nil if it sends nothing.
  ///
  /// It is asked twice, for an action and for a response in a buffer, and must say the same.
  mutating func reply(
    to bytes: [UInt8], from client: TransportAddress, to local: TransportAddress, at now: Instant
  ) throws -> Reply? {
    var twin = self
    received(bytes.span, from: client, to: local, at: now)
    let atOnce = try twin.replyAtOnce(to: bytes, from: client, to: local, at: now)
    guard twin.drops == drops else { throw Failure(twin.drops) }
    guard case .send(let bytes, let from, let to) = nextAction() else {
      if let atOnce { throw Failure(atOnce) }
      return nil
    }
    if let more = nextAction() { throw Failure(more) }
    let reply = Reply(bytes: bytes, message: try STUNMessage(bytes), from: from, to: to)
    guard atOnce == reply else { throw Failure(atOnce as Any) }
    return reply
  }

  /// The same, with a response that is written into a buffer of this size.
  mutating func replyAtOnce(
    to bytes: [UInt8], from client: TransportAddress, to local: TransportAddress, at now: Instant,
    byteCount: Int = 65_552
  ) throws -> Reply? {
    // What an earlier packet may have left there must not be sent.
    var buffer = [UInt8](repeating: 0xEE, count: byteCount)
    var span = buffer.mutableSpan
    guard
      let (count, from, to) = respond(
        to: bytes.span, from: client, to: local, at: now, into: span.mutableBytes)
    else { return nil }
    let response = Array(buffer.prefix(count))
    return Reply(bytes: response, message: try STUNMessage(response), from: from, to: to)
  }
}

/// A server's response.
struct Reply: Equatable {
  let bytes: [UInt8]
  let message: STUNMessage
  let from: TransportAddress
  let to: TransportAddress
}

/// Sixteen bytes for nonces.
let secret = [UInt8](1...16)
