import STUN
import STUNCodec
import SansIO
import TransportAddress

/// The message of `build`, as an array that its caller keeps.
@inline(never)
func encode(_ count: Int) throws {
  let (key, address, id) = (key, address, id)
  var sum: UInt64 = 0
  for _ in 0..<count {
    let bytes = try STUNMessage.encode(.bindingSuccessResponse, transactionID: id) {
      (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(software: "test vector")
      try message.append(xorMappedAddress: address)
      try message.appendMessageIntegrity(key)
      try message.appendFingerprint()
    }
    sum &+= UInt64(bytes.count)
  }
  sink &+= sum
}

private let serverAddress: TransportAddress = "198.51.100.1:3478"

/// Writes a number into a transaction ID, so that each message belongs to another request.
@inline(__always)
private func number(_ message: inout [UInt8], _ number: UInt64) {
  message.withUnsafeMutableBytes {
    $0.storeBytes(of: number.bigEndian, toByteOffset: 12, as: UInt64.self)
  }
}

/// A Binding server that gets a request with another ID each time, and answers into a buffer.
@inline(never)
func serve(_ count: Int) throws {
  var server = BindingServer(
    .init(serverAddress), writer: try ResponseWriter(software: "test vector"))
  var request = STUNMessage.encode(.bindingRequest, transactionID: id)
  let address = address
  var buffer = InlineArray<576, UInt8>(repeating: 0)
  var sum: UInt64 = 0
  for index in 0..<count {
    number(&request, UInt64(index))
    var span = buffer.mutableSpan
    guard
      let response = server.respond(
        to: request.span, from: address, to: serverAddress, at: .zero, into: span.mutableBytes)
    else { fatalError("the server is open") }
    sum &+= UInt64(response.byteCount) &+ UInt64(response.destination.port)
  }
  sink &+= sum
}

/// A client and a server, each of which gets what the other sends.
@inline(never)
func goRound(_ count: Int) throws {
  var generator = SeededGenerator(seed: 8489)
  var client = STUNClient(server: serverAddress)
  var server = BindingServer(
    .init(serverAddress), writer: try ResponseWriter(software: "test vector"))
  let address = address
  var buffer = InlineArray<576, UInt8>(repeating: 0)
  var sum: UInt64 = 0
  for _ in 0..<count {
    try client.request(at: .zero, using: &generator)
    guard case .send(let request, let target) = client.nextAction() else {
      fatalError("a request is sent at once")
    }
    var span = buffer.mutableSpan
    guard
      let response = server.respond(
        to: request.span, from: address, to: target, at: .zero, into: span.mutableBytes)
    else { fatalError("the server is open") }
    client.received(
      buffer.span.extracting(first: response.byteCount), from: response.origin, at: .zero,
      using: &generator)
    guard case .finished(_, .success(let message)) = client.nextAction(),
      let mapped = try message.xorMappedAddress
    else { fatalError("the response is good") }
    sum &+= UInt64(mapped.port)
  }
  sink &+= sum
}

/// A client that makes a request, and gets its response at once.
@inline(never)
func ask(_ count: Int) throws {
  var generator = SeededGenerator(seed: 8489)
  var client = STUNClient(server: serverAddress)
  let address = address
  var response = try STUNMessage.encode(.bindingSuccessResponse, transactionID: id) {
    (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
    try message.append(xorMappedAddress: address)
    try message.append(software: "test vector")
  }
  var sum: UInt64 = 0
  for _ in 0..<count {
    try client.request(at: .zero, using: &generator)
    guard case .send(let request, let target) = client.nextAction() else {
      fatalError("a request is sent at once")
    }
    for index in 8..<20 { response[index] = request[index] }
    client.received(response.span, from: target, at: .zero, using: &generator)
    guard case .finished(_, .success(let message)) = client.nextAction(),
      let mapped = try message.xorMappedAddress
    else { fatalError("the response is good") }
    sum &+= UInt64(mapped.port)
  }
  sink &+= sum
}
