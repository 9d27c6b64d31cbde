import IPPacket
import Testing
import TransportAddress

@testable import Answer

@Suite struct TranslateInboundChecks {
  let laptop: TransportAddress = "10.0.0.2:5000"
  let phone: TransportAddress = "10.0.0.3:7000"
  let server: TransportAddress = "203.0.113.9:3478"
  let table: [TransportAddress: TransportAddress] = [
    "10.0.0.2:5000": "198.51.100.1:5000", "10.0.0.3:7000": "198.51.100.1:6124",
  ]

  @Test("An answer reaches the host whose line has its destination")
  func destination() {
    let packet = translateInbound(
      Packet(from: server, to: "198.51.100.1:5000"), table: table)
    #expect(
      packet?.destination == laptop,
      "198.51.100.1:5000 stands for the laptop, so that the packet should go to 10.0.0.2:5000")
  }

  @Test("The port is translated too")
  func port() {
    let packet = translateInbound(
      Packet(from: server, to: "198.51.100.1:6124"), table: table)
    #expect(
      packet?.destination == phone,
      "The phone listens on its own port 7000, not on the outside port 6124")
  }

  @Test("The source stays as it was")
  func source() {
    let packet = translateInbound(
      Packet(from: server, to: "198.51.100.1:5000"), table: table)
    #expect(
      packet?.source == server, "The laptop wants to know who answers: only the destination changes"
    )
  }

  @Test("A packet to a port that no line has is dropped")
  func noLine() {
    let packet = translateInbound(
      Packet(from: server, to: "198.51.100.1:5001"), table: table)
    #expect(packet == nil, "No line has the outside port 5001: nobody could say whose packet it is")
  }

  @Test("A packet to another outside address is dropped")
  func otherAddress() {
    let packet = translateInbound(
      Packet(from: server, to: "198.51.100.2:5000"), table: table)
    #expect(
      packet == nil, "The port is right, but 198.51.100.2 is not the address in the table's line")
  }

  @Test("With an empty table everything is dropped")
  func emptyTable() {
    let packet = translateInbound(Packet(from: server, to: "198.51.100.1:5000"), table: [:])
    #expect(packet == nil, "Nobody inside has sent, so that nobody inside can be meant")
  }
}
