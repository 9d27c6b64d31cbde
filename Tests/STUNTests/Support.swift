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

/// An answer to the request, of this class, with these attributes.
func answer(
  to request: [UInt8], _ messageClass: MessageClass = .successResponse,
  _ body: (inout STUNMessageBuilder) throws -> Void = { _ in }
) throws -> [UInt8] {
  let request = try STUNMessage(request)
  return try STUNMessage.encode(
    MessageType(messageClass, request.type.method), transactionID: request.transactionID, body)
}

/// What a server replied, and from and to where; nil if it kept silent.
func unpack(_ action: BindingServer.Action) -> (
  message: STUNMessage, from: TransportAddress, to: TransportAddress
)? {
  guard case .reply(let bytes, let from, let to) = action, let message = try? STUNMessage(bytes)
  else { return nil }
  return (message, from, to)
}
