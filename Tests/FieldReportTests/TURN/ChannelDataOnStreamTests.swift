import STUNCodec
import SansIO
import Simulator
import TURN
import Testing
import TransportAddress

/// ChannelData between a client over TCP and a peer over UDP (RFC 8656 §12.5).
@Suite struct ChannelDataOnStreamTests {
  @Test(
    "Of ChannelData over TCP the peer gets LENGTH bytes, and what it answers comes back padded",
    .report("T3", "mycrl/turn-rs 175, aiortc/aioice 69"),
    .report("T15", "coturn/coturn 1984, pjsip/pjproject 4841"), arguments: 0...17)
  func padding(count: Int) throws {
    var street = RelayStreet()
    var client = try PlainClient(overTCP: true, in: &street)
    let relayed = try client.allocate(in: &street)
    #expect(try client.bind(0x4001, to: RelayStreet.bob, in: &street) == nil)
    let data = [UInt8](repeating: 9, count: count)
    client.send(
      try ChannelData.encode(data, channel: .init(rawValue: 0x4001), isPadded: true), in: &street)
    #expect(street.received(by: street.bobsHost).map(\.payload) == [data])
    // Twice, so that the second frame is found only behind the first one's padding.
    for _ in 0..<2 { street.send(data, from: street.bobsHost, to: relayed) }
    street.network.run(for: .seconds(1))
    let frame = [0x40, 0x01, 0, UInt8(count)] + data
    #expect(client.received(in: street).suffix(2) == [frame, frame])
    // The padding is zeros.
    let padded = frame + [UInt8](repeating: 0, count: -count & 3)
    let program = street.network.program(on: client.host, as: StreamClientEndpoint.self)
    #expect(program?.bytes.suffix(2 * padded.count) == (padded + padded)[...])
  }

  @Test(
    "A frame too long to be relayed ends the connection, and nothing in it is read as a message",
    .report("T4", "coturn/coturn 1837"), arguments: [0xFFE5, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF])
  func smuggled(length: UInt16) throws {
    var street = RelayStreet()
    var client = try PlainClient(overTCP: true, in: &street)
    try client.allocate(in: &street)
    #expect(try client.bind(0x4001, to: RelayStreet.bob, in: &street) == nil)
    let count = client.received(in: street).count
    let inside = try client.request(.channelBind) {
      try $0.append(channelNumber: .init(rawValue: 0x4002))
      try $0.append(xorPeerAddress: RelayStreet.carol)
    }
    client.send([0x40, 0x01, UInt8(length >> 8), UInt8(length & 0xFF)] + inside, in: &street)
    // Nor is anything that follows, as long as the frame says that it is.
    client.send([UInt8](repeating: 0, count: 66_000) + inside, in: &street)
    street.network.run(for: .seconds(2))
    #expect(client.received(in: street).count == count)
    #expect(client.end(in: street) == .closed(.reset))
    #expect(try street.server.allocationCount == 0)
    #expect(street.received(by: street.bobsHost).isEmpty)
  }

  @Test("One read with a request, ChannelData and half of another frame is taken apart")
  func oneRead() throws {
    var street = RelayStreet()
    var client = try PlainClient(overTCP: true, in: &street)
    try client.allocate(in: &street)
    #expect(try client.bind(0x4001, to: RelayStreet.bob, in: &street) == nil)
    let refresh = try client.request(.refresh)
    let channel = ChannelNumber(rawValue: 0x4001)
    // What it carries looks like a frame.
    let first = try ChannelData.encode([0x40, 1, 0, 1, 7], channel: channel, isPadded: true)
    let second = try ChannelData.encode([1, 2, 3], channel: channel, isPadded: true)
    let count = client.received(in: street).count
    client.send(refresh + first + second.prefix(3), in: &street)
    #expect(street.received(by: street.bobsHost).map(\.payload) == [[0x40, 1, 0, 1, 7]])
    client.send(Array(second.dropFirst(3)), in: &street)
    #expect(street.received(by: street.bobsHost).map(\.payload).last == [1, 2, 3])
    let answers = client.received(in: street).dropFirst(count)
    #expect(answers.count == 1)
    #expect(
      try STUNMessage(#require(answers.first)).type == MessageType(.successResponse, .refresh))
  }

  @Test(
    "A stream that goes on with what is neither STUN nor a channel is closed at once",
    arguments: [0x50, 0x7F, 0x80, 0xC0, 0xFF] as [UInt8])
  func foreign(first: UInt8) throws {
    var street = RelayStreet()
    var client = try PlainClient(overTCP: true, in: &street)
    try client.allocate(in: &street)
    client.send([first], in: &street)
    #expect(client.end(in: street) == .closed(.reset))
    #expect(try street.server.allocationCount == 0)
  }
}
