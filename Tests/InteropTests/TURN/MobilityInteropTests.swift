import Relay
import STUN
import STUNCodec
import SansIO
import TURN
import TestSupport
import Testing
import TransportAddress

/// Clients that take their allocation along (RFC 8016), on real sockets.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(2))) struct MobilityInteropTests {
  /// Moves from 198.51.100.3 to 198.51.100.2 in the middle of a conversation.
  private func move(in laboratory: RelayLaboratory) throws {
    try laboratory.network.inside {
      var user = try RelayUser(options: .init(asksForTicket: true))
      let relayed = try user.allocate()
      #expect(try user.toPeer([1]).source == relayed)
      #expect(try user.fromPeer([2], to: relayed).data == [2])
      // The second datagram has a channel bound.
      #expect(try user.toPeer([7]).data == [7])
      try user.bound()
      let first = user.socket.localAddress
      #expect(try user.moves(to: "198.51.100.2:0"), "\(user.messages.entries)")
      #expect(user.socket.localAddress != first)
      let channelDataCount = user.messages.entries.count { $0 == "> ChannelData" }
      let there = try user.toPeer([3, 4, 5])
      #expect(there.data == [3, 4, 5] && there.source == relayed)
      // The channel has come along.
      #expect(user.messages.entries.count { $0 == "> ChannelData" } == channelDataCount + 1)
      #expect(try user.fromPeer([6], to: relayed).data == [6])
      user.socket.release()
      #expect(try user.end() == .released)
    }
  }

  @Test("Our client takes its allocation along at coturn", .needsNetworks("turnserver"))
  func coturn() throws {
    try move(in: RelayLaboratory.coturn(RelayLaboratory.users + " --mobility"))
  }

  @Test("And at serve, which notes the move", .needsNetworks("ss"))
  func serve() throws {
    let laboratory = try RelayLaboratory.serve("--user alice:pass --mobility")
    try laboratory.network.inside {
      var user = try RelayUser(options: .init(asksForTicket: true))
      let relayed = try user.allocate()
      #expect(try user.around([1], relayed) == [1])
      #expect(try user.moves(to: "198.51.100.2:0"), "\(user.messages.entries)")
      // The permission has come along.
      let permissionCount = user.messages.entries.count { $0 == "> CreatePermission request" }
      #expect(try user.around([2, 3], relayed) == [2, 3])
      #expect(
        user.messages.entries.count { $0 == "> CreatePermission request" } == permissionCount)
    }
    #expect(try laboratory.output.contains("moved alice from 198.51.100.3:"))
  }

  @Test("Without --mobility there is an allocation, and no ticket", .needsNetworks("ss"))
  func forbidden() throws {
    let laboratory = try RelayLaboratory.serve("--user alice:pass")
    try laboratory.network.inside {
      var user = try RelayUser(options: .init(asksForTicket: true))
      let relayed = try user.allocate()
      #expect(user.messages.entries.contains("< Allocate error response 405"))
      #expect(try user.around([1], relayed) == [1])
    }
  }

  @Test(
    "coturn's client moves at serve, and loses nothing", .needsNetworks("turnutils_uclient"),
    arguments: ["", "-s"])
  func uclient(options: String) throws {
    let laboratory = try RelayLaboratory.serve("--user alice:pass --realm example.org --mobility")
    let output = try laboratory.network.run(
      "turnutils_uclient -M \(options) -y -u alice -w pass -n 5 198.51.100.1 2>&1")
    #expect(output.contains("tot_send_msgs=20, tot_recv_msgs=20"), "\(output)")
    #expect(output.contains("Total lost packets 0"), "\(output)")
    #expect(try laboratory.output.contains("moved alice"))
  }
}

extension RelayUser {
  /// Takes the allocation to another endpoint of this machine; whether that went well.
  fileprivate mutating func moves(to endpoint: TransportAddress) throws -> Bool {
    try socket.move(to: endpoint)
    return try wait("the move") {
      switch $0 {
      case .turn(.moved): true
      case .turn(.notMoved): false
      default: nil
      }
    }
  }
}
