import STUNCodec
import TransportAddress

/// A work whose cost is measured.
public struct Work: Sendable {
  public let name: String
  /// How often it is done in a measurement beside a peer.
  public let count: Int
  private let body: @Sendable (Int) throws -> Void

  init(_ name: String, _ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) {
    self.name = name
    self.count = count
    self.body = body
  }

  /// Does it so many times.
  public func run(_ count: Int) throws { try body(count) }

  /// The codec's works, which allocate nothing and have thresholds.
  public static let codec = [
    Work("decode", 20_000_000, decode), Work("integrity", 1_000_000, checkIntegrity),
    Work("build", 1_000_000, build), Work("fingerprint", 5_000_000, checkFingerprint),
  ]

  /// The works of a whole message that its caller keeps, of the server, and of the client.
  public static let transactions = [
    Work("encode", 1_000_000, encode), Work("server", 1_000_000, serve),
    Work("roundtrip", 1_000_000, goRound), Work("client", 1_000_000, ask),
  ]

  /// Every work.
  public static let all = codec + transactions
}

/// RFC 5769 §2.2, a Binding success response.
let response: [UInt8] = [
  0x01, 0x01, 0x00, 0x3C, 0x21, 0x12, 0xA4, 0x42, 0xB7, 0xE7, 0xA7, 0x01, 0xBC, 0x34, 0xD6, 0x86,
  0xFA, 0x87, 0xDF, 0xAE, 0x80, 0x22, 0x00, 0x0B, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
  0x74, 0x6F, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xA1, 0x47, 0xE1, 0x12, 0xA6, 0x43,
  0x00, 0x08, 0x00, 0x14, 0x2B, 0x91, 0xF5, 0x99, 0xFD, 0x9E, 0x90, 0xC3, 0x8C, 0x74, 0x89, 0xF9,
  0x2A, 0xF9, 0xBA, 0x53, 0xF0, 0x6B, 0xE7, 0xD7, 0x80, 0x28, 0x00, 0x04, 0xC0, 0x7D, 0x4C, 0x96,
]
let key = MessageIntegrityKey(shortTermPassword: "VOkJxbRl1RmTxUk/WvJxBt")
let address: TransportAddress = "192.0.2.1:32853"
let id = TransactionID(high: 0xB7E7_A701, low: 0xBC34_D686_FA87_DFAE)

/// Keeps a result, so that the work that made it is not left out.
public nonisolated(unsafe) var sink: UInt64 = 0

/// Four places with the message, so far apart that none shares a cache line.
private nonisolated(unsafe) let places: UnsafeRawBufferPointer = {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 * stride, alignment: 64)
  for place in 0..<4 {
    UnsafeMutableRawBufferPointer(rebasing: buffer[(place * stride)...]).copyBytes(from: response)
  }
  return UnsafeRawBufferPointer(buffer)
}()
private let stride = 128

/// Calls the body with the message as often as asked, each time from another of four places, so that
/// no compiler can do the work once for all.
@inline(__always)
func repeated(_ count: Int, _ body: (RawSpan) throws -> UInt64) rethrows {
  let (places, byteCount) = (places, response.count)
  var sum: UInt64 = 0
  for index in 0..<count {
    let start = (index & 3) * stride
    let message = UnsafeRawBufferPointer(rebasing: places[start..<start + byteCount])
    sum &+= try body(message.bytes)
  }
  sink &+= sum
}

@inline(never)
func decode(_ count: Int) throws {
  try repeated(count) { bytes in
    let view = try STUNMessageView(bytes)
    guard let address = try view.xorMappedAddress, case .v4(let v4) = address.address else {
      fatalError("RFC 5769 §2.2 has an IPv4 address")
    }
    return UInt64(v4.rawValue) &+ UInt64(address.port)
  }
}

// The two checks are calls into the library, which no compiler leaves out of the loop. The peer's
// message has been read before too.

@inline(never)
func checkIntegrity(_ count: Int) throws {
  let (bytes, key) = (response, key)
  let view = try STUNMessageView(bytes.span.bytes)
  var sum: UInt64 = 0
  for _ in 0..<count { sum &+= view.verifyMessageIntegrity(with: key) == .verified ? 1 : 0 }
  guard sum == count else { fatalError("RFC 5769 §2.2 has right integrity") }
  sink &+= sum
}

@inline(never)
func checkFingerprint(_ count: Int) throws {
  let bytes = response
  let view = try STUNMessageView(bytes.span.bytes)
  var sum: UInt64 = 0
  for _ in 0..<count { sum &+= view.verifyFingerprint() == .verified ? 1 : 0 }
  guard sum == count else { fatalError("RFC 5769 §2.2 has its fingerprint") }
  sink &+= sum
}

/// Where messages are built.
private nonisolated(unsafe) var buffer = [UInt8](repeating: 0, count: 256)

@inline(never)
func build(_ count: Int) throws {
  let (key, address, id) = (key, address, id)
  var sum: UInt64 = 0
  for _ in 0..<count {
    var span = buffer.mutableSpan
    var message = try STUNMessageBuilder(
      .bindingSuccessResponse, transactionID: id, into: span.mutableBytes)
    try message.append(software: "test vector")
    try message.append(xorMappedAddress: address)
    try message.appendMessageIntegrity(key)
    try message.appendFingerprint()
    sum &+= UInt64(message.byteCount)
  }
  sink &+= sum
}
