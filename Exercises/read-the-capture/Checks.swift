import STUNCodec
import Testing

@testable import Answer

@Suite struct ReadTheCaptureChecks {
  /// A message of 20 bytes; its transaction ID ends with a number.
  private func message(_ type: UInt16, _ id: UInt8) -> [UInt8] {
    [UInt8(type >> 8), UInt8(type & 0xFF), 0, 0, 0x21, 0x12, 0xA4, 0x42]
      + [UInt8](repeating: 0, count: 11) + [id]
  }
  private func request(_ id: UInt8) -> [UInt8] { message(0x0001, id) }
  private func success(_ id: UInt8) -> [UInt8] { message(0x0101, id) }
  private func error(_ id: UInt8) -> [UInt8] { message(0x0111, id) }
  private func indication(_ id: UInt8) -> [UInt8] { message(0x0011, id) }

  private func text(_ capture: [[UInt8]]) -> String {
    let counts = outcomes(of: capture)
    return "\(counts.answered) answered, \(counts.refused) refused, \(counts.silent) silent"
  }

  @Test("A request with a success response is answered")
  func answered() {
    #expect(
      text([request(1), success(1)]) == "1 answered, 0 refused, 0 silent",
      "Both have one transaction ID")
    #expect(
      text([request(1), request(2), success(2), success(1)]) == "2 answered, 0 refused, 0 silent",
      "The responses come in another order, which only the IDs tell")
  }

  @Test("A request with an error response is refused")
  func refused() {
    #expect(
      text([request(1), error(1), request(2), success(2)]) == "1 answered, 1 refused, 0 silent",
      "As with a relay: the first Allocate gets 401, the second gets a port")
  }

  @Test("A request that is sent again is one transaction")
  func retransmitted() {
    #expect(
      text([request(1), request(1), request(1)]) == "0 answered, 0 refused, 1 silent",
      "Three packets with one transaction ID: one request that was sent three times")
    #expect(
      text([request(1), request(1), success(1)]) == "1 answered, 0 refused, 0 silent",
      "The response is to both packets")
  }

  @Test("An answered request that is sent again stays answered")
  func late() {
    #expect(
      text([request(1), success(1), request(1), success(1)]) == "1 answered, 0 refused, 0 silent",
      "Bob's capture: his response was lost, so the request and the response came again")
    #expect(
      text([request(1), success(1), request(1)]) == "1 answered, 0 refused, 0 silent",
      "The capture ends before the second response: the first one counts")
  }

  @Test("Indications have no response, and are not silent")
  func indications() {
    #expect(
      text([indication(1), indication(2)]) == "0 answered, 0 refused, 0 silent",
      "Keepalives and Data indications: nobody answers them")
  }

  @Test("What is no message, or answers nothing, is left out")
  func others() {
    #expect(
      text([[0x80, 0, 1, 2], [], request(1)]) == "0 answered, 0 refused, 1 silent",
      "A packet of voice, an empty one, and a request")
    #expect(
      text([success(9), request(1), success(1)]) == "1 answered, 0 refused, 0 silent",
      "The request of the first response was sent before the capture began")
  }
}
