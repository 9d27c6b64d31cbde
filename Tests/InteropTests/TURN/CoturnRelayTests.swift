import FoundationEssentials
import Glibc
import Relay
import STUN
import STUNCodec
import SansIO
import Sockets
import TURN
import TestSupport
import Testing
import TransportAddress

/// Our client and coturn.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(2))) struct CoturnRelayTests {
  @Test(
    "Data go to a peer and back, as indications first and then by a channel",
    .needsNetworks("turnserver"))
  func data() throws {
    let laboratory = try RelayLaboratory.coturn(RelayLaboratory.users)
    try laboratory.network.inside {
      var user = try RelayUser()
      let relayed = try user.allocate()
      #expect(relayed.address == "198.51.100.1")
      let there = try user.toPeer([1, 2, 3])
      #expect(there.data == [1, 2, 3] && there.source == relayed)
      // Data that are no multiple of four, in both forms.
      let back = try user.fromPeer([4, 5, 6, 7, 8], to: relayed)
      #expect(back.data == [4, 5, 6, 7, 8] && back.source == user.peer.socket.localAddress)
      let last = try user.toPeer([9])
      #expect(last.data == [9])
      try user.bound()
      let byChannel = try user.toPeer([10, 11])
      #expect(byChannel.data == [10, 11] && byChannel.source == relayed)
      // On a slow machine the request for the channel is sent twice, and answered twice.
      #expect(user.messages.entries.last { $0.hasPrefix(">") } == "> ChannelData")
      #expect(try user.fromPeer([12], to: relayed).data == [12])
      #expect(user.messages.entries.last == "< ChannelData")
      user.socket.release()
      #expect(try user.end() == .released)
    }
  }

  @Test(
    "An allocation that coturn gives for a few seconds is refreshed, though its nonce is stale",
    .needsNetworks("turnserver"))
  func refresh() throws {
    let laboratory = try RelayLaboratory.coturn(
      RelayLaboratory.users + " --max-allocate-lifetime=6 --stale-nonce=2")
    try laboratory.network.inside {
      var user = try RelayUser()
      let relayed = try user.allocate()
      #expect(try user.toPeer([1]).data == [1])
      // Past the first lifetime.
      let end = user.socket.now.advanced(by: .seconds(8))
      while user.socket.now < end { _ = try user.socket.next(before: end) }
      #expect(user.messages.entries.contains("< Refresh error response 438"))
      #expect(user.messages.entries.contains("< Refresh success response"))
      #expect(try user.fromPeer([2], to: relayed).data == [2])
    }
  }

  @Test("A wrong password is refused with 401", .needsNetworks("turnserver"))
  func wrongPassword() throws {
    let laboratory = try RelayLaboratory.coturn(RelayLaboratory.users)
    try laboratory.network.inside {
      var user = try RelayUser(password: "wrong")
      user.socket.allocate()
      #expect(try user.end() == .failed(.refused(.unauthenticated)))
    }
  }

  @Test(
    "A peer that coturn's operator denies is refused with 403, and others can be reached",
    .needsNetworks("turnserver"))
  func deniedPeer() throws {
    let laboratory = try RelayLaboratory.coturn(
      RelayLaboratory.users + " --denied-peer-ip=203.0.113.9")
    try laboratory.network.inside {
      var user = try RelayUser()
      _ = try user.allocate()
      let denied: IPAddress = "203.0.113.9"
      user.socket.permit([denied])
      let failure = try user.wait("the refusal") {
        if case .turn(.refused(denied, let why)) = $0 { why } else { nil }
      }
      #expect(failure == TURNClient.PeerFailure.error(.forbidden))
      #expect(try user.toPeer([1]).data == [1])
    }
  }

  @Test(
    "Credentials that follow from a shared secret are taken until their time is over",
    .needsNetworks("turnserver"))
  func timed() throws {
    let laboratory = try RelayLaboratory.coturn(
      "--use-auth-secret --static-auth-secret='\(RelayLaboratory.secret)'")
    let now = Int64(time(nil))
    let credentials = try TimedCredentials(
      sharedSecret: Array(RelayLaboratory.secret.utf8), epoch: now)
    try laboratory.network.inside {
      for (seconds, isValid) in [(Int64(600), true), (-600, false)] {
        let name = TimedCredentials.username("alice", validUntil: now + seconds)
        var user = try RelayUser(username: name, password: credentials.password(of: name))
        if isValid {
          #expect(try user.allocate().address == "198.51.100.1")
        } else {
          user.socket.allocate()
          #expect(try user.end() == .failed(.refused(.unauthenticated)))
        }
      }
    }
  }
}
