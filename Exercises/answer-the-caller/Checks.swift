import IPPacket
import Testing
import TransportAddress

@testable import Answer

@Suite struct AnswerTheCallerChecks {
  let request = Packet(from: "198.51.100.1:5000", to: "203.0.113.9:3478")

  @Test("The answer goes to the address that the packet came from")
  func address() {
    let destination = answer(to: request).destination
    #expect(
      destination.address == "198.51.100.1",
      "The packet came from 198.51.100.1, Alice's box: the server knows no other address of hers")
  }

  @Test("It goes to the port that the packet came from")
  func port() {
    let destination = answer(to: request).destination
    #expect(destination.port == 5000, "Alice's program has port 5000; 3478 is the server's own")
  }

  @Test("It comes from where the packet went")
  func source() {
    let source = answer(to: request).source
    #expect(
      source == "203.0.113.9:3478",
      "Alice sent to 203.0.113.9:3478; her box knows an answer by that endpoint")
  }

  @Test("Every caller gets an answer of their own")
  func others() {
    let bob = Packet(from: "198.51.100.2:6000", to: "203.0.113.9:3478")
    let destination = answer(to: bob).destination
    #expect(destination == "198.51.100.2:6000", "This packet came from Bob's box, port 6000")
  }
}
