import STUNCodec
import TURN
import TransportAddress

/// Keeps a result, so that the work that made it is not left out.
nonisolated(unsafe) var sink = 0

/// Prints lines `ours`, work, nanoseconds, allocations, divided by tabs.
///
/// With a number of packets, or with as many as a figure needs.
@main
enum Main {
  static func main() throws {
    let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 2_000_000
    for allocations in [1, 1000] { try TableWork.measure(count, allocations: allocations) }
    try SocketWork.measure(count / 20)
    if sink == 0 { print("nothing was done") }
  }
}

/// What a client asks for, where no proof is asked for.
enum Requests {
  static let channel = ChannelNumber(rawValue: 0x4000)

  static func allocate() throws -> [UInt8] {
    try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: TransactionID(high: 1, low: 1)
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(requestedTransport: 17)
    }
  }

  static func bind(to peer: TransportAddress) throws -> [UInt8] {
    try STUNMessage.encode(
      MessageType(.request, .channelBind), transactionID: TransactionID(high: 1, low: 2)
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(channelNumber: channel)
      try message.append(xorPeerAddress: peer)
    }
  }

  /// ChannelData of zeros.
  static func data(_ count: Int) -> [UInt8] {
    [0x40, 0x00, UInt8(count >> 8), UInt8(truncatingIfNeeded: count)]
      + [UInt8](repeating: 0, count: count)
  }
}
