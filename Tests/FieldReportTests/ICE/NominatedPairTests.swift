import Calls
import ICE
import SansIO
import Testing
import TransportAddress

/// Both sides use the pair that the controlling one has nominated (RFC 8445 §8.1.1).
@Suite struct NominatedPairTests {
  @Test(
    "A nomination meets the pair of a controlled side behind a NAT, and media flows both ways",
    .report("I1", "ystreet/librice 168"))
  func controlledBehindNAT() throws {
    var call = Call(.open, .cone)
    #expect(call.connect().isConnected)
    let pair = try #require(call.pair(of: .bob))
    // Mapped address and base differ.
    #expect(pair.local.address != pair.base)
    #expect(pair.local.address.address != pair.base.address)
    for number in 0..<30 {
      call.send("\(number)", from: .alice)
      call.send("\(number)", from: .bob)
      call.run(for: .seconds(4))
    }
    #expect(call.words(to: .alice) == (0..<30).map { "\($0)" })
    #expect(call.words(to: .bob) == (0..<30).map { "\($0)" })
  }

  @Test(
    "The controlled side has the nominated pair, reversed, and keeps it",
    .report("I2", "rustrtc 35"), arguments: 0..<9)
  func controlledSide(index: Int) throws {
    for other in [CallSite.open, .cone, .symmetric] {
      var call = Call(CallSite.behaviors[index], other, seed: UInt64(index) + 1)
      call.isTracing = false
      call.connect()
      let (one, theirs) = (try #require(call.pair(of: .alice)), try #require(call.pair(of: .bob)))
      #expect(one.local.type == theirs.remote.type && one.remote.type == theirs.local.type)
      call.run(for: .seconds(60))
      for (party, pair) in [(Call.Party.alice, one), (.bob, theirs)] {
        let later = call.pair(of: party)
        #expect(later?.base == pair.base && later?.remote.address == pair.remote.address)
      }
    }
  }

  @Test(
    "A check through the relay is answered with the relayed address, which so is no discovery",
    .report("I19", "paullouisageneau/libjuice 301"))
  func mappedAtRelay() throws {
    var call = Call(.symmetric, .symmetric)
    #expect(call.connect().route == .relayed)
    for party in Call.Party.allCases {
      let pair = try #require(call.pair(of: party))
      guard pair.local.type == .relayed else { continue }
      #expect(pair.local.address == pair.base)
      #expect(call.reports(of: party, beginning: "is prflx \(pair.base)").isEmpty)
    }
    let types = Call.Party.allCases.map { call.pair(of: $0)?.local.type }
    #expect(types.contains(.relayed))
  }
}
