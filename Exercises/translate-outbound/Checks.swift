import IPPacket
import Testing
import TransportAddress

@testable import Answer

@Suite struct TranslateOutboundChecks {
  let laptop: TransportAddress = "10.0.0.2:5000"
  let phone: TransportAddress = "10.0.0.3:5000"
  let server: TransportAddress = "203.0.113.9:3478"
  let address: IPAddress = "198.51.100.1"

  @Test("The packet leaves from the NAT's outside address with its port kept")
  func source() {
    var table: [TransportAddress: TransportAddress] = [:]
    let packet = translateOutbound(
      Packet(from: laptop, to: server), table: &table, address: address)
    #expect(
      packet.source == "198.51.100.1:5000",
      "The server should see the NAT's address, and port 5000, which was free")
  }

  @Test("The destination stays as it was")
  func destination() {
    var table: [TransportAddress: TransportAddress] = [:]
    let packet = translateOutbound(
      Packet(from: laptop, to: server), table: &table, address: address)
    #expect(packet.destination == server, "Outbound translation changes the source only")
  }

  @Test("The table remembers which inside endpoint the outside one stands for")
  func remembers() {
    var table: [TransportAddress: TransportAddress] = [:]
    _ = translateOutbound(Packet(from: laptop, to: server), table: &table, address: address)
    #expect(
      table == [laptop: "198.51.100.1:5000"],
      "Without a line in the table the answer cannot find its way back")
  }

  @Test("The second packet uses the mapping of the first")
  func secondPacket() {
    var table: [TransportAddress: TransportAddress] = [laptop: "198.51.100.1:6124"]
    let packet = translateOutbound(
      Packet(from: laptop, to: server), table: &table, address: address)
    #expect(
      packet.source == "198.51.100.1:6124",
      "The table has a line for this inside endpoint, and it says which outside one to use")
    #expect(table == [laptop: "198.51.100.1:6124"], "A known endpoint needs no new line")
  }

  @Test("Another destination uses the same mapping")
  func otherDestination() {
    var table: [TransportAddress: TransportAddress] = [:]
    let first = translateOutbound(
      Packet(from: laptop, to: server), table: &table, address: address)
    let second = translateOutbound(
      Packet(from: laptop, to: "192.0.2.9:53"), table: &table, address: address)
    #expect(first.source == "198.51.100.1:5000", "Its own port is free, so it keeps that")
    #expect(
      first.source == second.source,
      "The mapping is endpoint-independent: everyone sees the laptop at the same outside endpoint")
  }

  @Test("Two hosts with the same port get two outside ports")
  func samePort() {
    var table: [TransportAddress: TransportAddress] = [:]
    let first = translateOutbound(
      Packet(from: laptop, to: server), table: &table, address: address)
    let second = translateOutbound(
      Packet(from: phone, to: server), table: &table, address: address)
    #expect(first.source == "198.51.100.1:5000", "Its own port is free, so it keeps that")
    #expect(
      first.source != second.source,
      "If both hosts had one outside endpoint, nobody could tell whose an answer is")
  }

  @Test("A taken port gives way to the next free one of the same parity")
  func parity() {
    var table: [TransportAddress: TransportAddress] = [
      laptop: "198.51.100.1:5000", "10.0.0.9:9": "198.51.100.1:5002",
    ]
    let packet = translateOutbound(
      Packet(from: phone, to: server), table: &table, address: address)
    let expected: TransportAddress = "198.51.100.1:5004"
    #expect(
      packet.source == expected,
      "5000 and 5002 are taken; 5001 and 5003 are odd, and port 5000 is even")
    #expect(table[phone] == expected, "The new line holds the port that the packet leaves with")
  }
}
