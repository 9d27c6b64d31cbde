import STUNCodec
import Testing
import TransportAddress

@testable import Answer

@Suite struct MatchTheResponseChecks {
  let requests = (1...3 as ClosedRange<UInt64>).map { TransactionID(high: 7, low: $0) }

  @Test("A success response answers the request with its transaction ID")
  func success() throws {
    for (index, id) in requests.enumerated() {
      let response = try STUNMessage.encode(.bindingSuccessResponse, transactionID: id) { message in
        try message.append(xorMappedAddress: "198.51.100.1:5000")
      }
      guard requestAnswered(by: response, among: requests) == index else {
        #expect(
          requestAnswered(by: response, among: requests) == index,
          "The response repeats the ID of request \(index)")
        return
      }
    }
  }

  @Test("An error response is a response, too")
  func error() {
    let response = STUNMessage.encode(.bindingErrorResponse, transactionID: requests[1])
    #expect(
      requestAnswered(by: response, among: requests) == 1,
      "The server says why not, and that ends the waiting as well")
  }

  @Test("What repeats no ID answers nothing")
  func unknown() {
    let stranger = TransactionID(high: 7, low: 4)
    let response = STUNMessage.encode(.bindingSuccessResponse, transactionID: stranger)
    #expect(
      requestAnswered(by: response, among: requests) == nil,
      "No request has this ID: it is forged, or far too late")
  }

  @Test("Only a response can be one")
  func classes() {
    for type in [MessageType.bindingRequest, .bindingIndication] {
      let message = STUNMessage.encode(type, transactionID: requests[0])
      guard requestAnswered(by: message, among: requests) == nil else {
        #expect(
          requestAnswered(by: message, among: requests) == nil,
          "This is a \(type), and no response: somebody may have sent her own request back")
        return
      }
    }
  }

  @Test("Bytes that are no message are no response")
  func noMessage() {
    let response = STUNMessage.encode(.bindingSuccessResponse, transactionID: requests[0])
    for bytes in [[], [0x80, 0x60, 0x12], Array(response.dropLast())] {
      guard requestAnswered(by: bytes, among: requests) == nil else {
        #expect(
          requestAnswered(by: bytes, among: requests) == nil,
          "These \(bytes.count) bytes are no STUN message")
        return
      }
    }
  }
}
