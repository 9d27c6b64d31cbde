import Capture
import STUNCodec
import Testing
import TransportAddress

@Suite struct TransactionSummaryTests {
  let client: TransportAddress = "192.0.2.1:40000"
  let server: TransportAddress = "198.51.100.1:3478"
  let id = TransactionID(high: 1, low: 2)

  func captured(
    _ type: MessageType, _ milliseconds: Int64, frame: Int, software: String = ""
  ) throws -> CapturedMessage {
    let isResponse = type.class == .successResponse
    let bytes = try STUNMessage.encode(type, transactionID: id) { message in
      try message.append(software: software)
    }
    return CapturedMessage(
      frameNumber: frame, time: milliseconds * 1_000_000, source: isResponse ? server : client,
      destination: isResponse ? client : server, transport: .udp, bytes: bytes,
      content: .message(try STUNMessage(bytes)), nested: [])
  }

  @Test("A request and its answer make a transaction with a round-trip time")
  func simple() throws {
    let summary = try #require(
      TransactionSummary.transactions(in: [
        try captured(.bindingRequest, 0, frame: 1),
        try captured(.bindingSuccessResponse, 80, frame: 2),
      ]).first)
    #expect(summary.roundTripTime == 80_000_000)
    #expect(summary.retransmissionCount == 0)
    #expect(summary.responseFrame == 2)
  }

  @Test("Sent again, it has retransmissions and no round-trip time; changed bytes are noticed")
  func retransmitted() throws {
    for software in ["", "changed"] {
      let summaries = TransactionSummary.transactions(in: [
        try captured(.bindingRequest, 0, frame: 1),
        try captured(.bindingRequest, 500, frame: 2, software: software),
        try captured(.bindingSuccessResponse, 580, frame: 3),
      ])
      #expect(summaries.count == 1)
      #expect(summaries[0].retransmissionCount == 1)
      #expect(summaries[0].roundTripTime == nil)
      // Pitfall 12.
      #expect(summaries[0].hasChanged == (software == "changed"))
    }
  }
}
