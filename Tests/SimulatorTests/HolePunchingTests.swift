import NATTable
import Router
import SansIO
import Simulator
import Testing
import TransportAddress

/// What RFC 4787 says about hole punching, without a NAT that does it.
///
/// Alice and Bob know each other's address as a STUN server S saw it: X_A and X_B. Each sends to the
/// other's; a packet that comes in also tells its receiver where it came from, and is answered there.
private struct Definition {
  let alice: HolePunching.Behavior
  let bob: HolePunching.Behavior

  /// Whether the receiver gets a packet that the sender sends to the receiver's known address.
  ///
  /// - The mapping at the receiver's address is the one that the receiver asked S through. With
  ///   endpoint-independent mapping the receiver's packets to the sender leave through it too, and so
  ///   it has the sender's known address among its remotes; otherwise it has S alone (§4.1).
  /// - The sender's packet comes from the sender's known address if its mapping is
  ///   endpoint-independent; otherwise from another port of the same address (§4.1).
  /// - Endpoint-independent filtering admits all; address-dependent filtering the addresses of the
  ///   mapping's remotes; the third their endpoints (§5).
  private func isReached(_ receiver: HolePunching.Behavior, by sender: HolePunching.Behavior)
    -> Bool
  {
    let hasSentThere = receiver.mapping == .endpointIndependent
    switch receiver.filtering {
    case .endpointIndependent: return true
    case .addressDependent: return hasSentThere
    case .addressAndPortDependent: return hasSentThere && sender.mapping == .endpointIndependent
    }
  }

  /// Whether the receiver gets the answer to its own packet that has reached the sender.
  ///
  /// It goes to the mapping that the receiver's packet left through, whose remote is the sender's known
  /// address. It comes from there if the sender's mapping is endpoint-independent, and otherwise from
  /// another port of the same address.
  private func isAnswered(_ receiver: HolePunching.Behavior, by sender: HolePunching.Behavior)
    -> Bool
  {
    isReached(sender, by: receiver)
      && (sender.mapping == .endpointIndependent || receiver.filtering != .addressAndPortDependent)
  }

  var aliceHears: Bool { isReached(alice, by: bob) || isAnswered(alice, by: bob) }
  var bobHears: Bool { isReached(bob, by: alice) || isAnswered(bob, by: alice) }
}

@Suite struct HolePunchingTests {
  @Test("All 81 pairs of behaviors come out as RFC 4787's definitions say")
  func matrix() {
    let matrix = Matrix.holePunching()
    for (row, alice) in matrix.behaviors.enumerated() {
      for (column, bob) in matrix.behaviors.enumerated() {
        let result = matrix.results[row][column]
        let definition = Definition(alice: alice, bob: bob)
        #expect(result.alice.hears == definition.aliceHears, "alice: \(alice); bob: \(bob)")
        #expect(result.bob.hears == definition.bobHears, "alice: \(alice); bob: \(bob)")
      }
    }
    #expect(matrix.behaviors.count == 9)
    // Who is Alice and who Bob makes no difference.
    for row in 0..<9 {
      for column in 0..<9 {
        let (one, other) = (matrix.results[row][column], matrix.results[column][row])
        #expect(one.alice.hears == other.bob.hears)
      }
    }
  }

  @Test("Another seed gives the same outcomes")
  func seeds() {
    let first = Matrix.holePunching(seed: 1)
    for seed in 2...4 as ClosedRange<UInt64> {
      let other = Matrix.holePunching(seed: seed)
      #expect(
        other.results.map { $0.map(\.isConnected) } == first.results.map { $0.map(\.isConnected) })
    }
  }

  @Test("Two port-restricted cones meet by the addresses that the server saw")
  func cones() {
    var scenario = HolePunching(.portRestrictedCone, .portRestrictedCone)
    let result = scenario.run()
    #expect(result.isConnected)
    #expect(result.alice.mappedAddress == "198.51.100.1:5000")
    #expect(result.alice.peer == result.bob.mappedAddress)
    #expect(result.bob.peer == result.alice.mappedAddress)
  }

  @Test("A symmetric NAT is met at another port than the one that the server saw")
  func symmetric() {
    var scenario = HolePunching(.restrictedCone, .symmetric)
    let result = scenario.run()
    #expect(result.isConnected)
    #expect(result.alice.peer?.address == result.bob.mappedAddress?.address)
    #expect(result.alice.peer != result.bob.mappedAddress)
  }

  @Test(
    "Two symmetric NATs do not meet: filters drop every packet")
  func never() {
    var scenario = HolePunching(.symmetric, .symmetric)
    let result = scenario.run()
    #expect(!result.alice.hears && !result.bob.hears)
    let reasons = Set(scenario.network.trace.dropReasons)
    #expect(reasons == [.router(.table(.filtered))])
  }

  @Test("On lines that lose every tenth packet the retries get through")
  func loss() {
    var link = Link.line
    link.loss = .independent(0.1)
    let connected = (0..<50 as Range<UInt64>).count { seed in
      var scenario = HolePunching(
        .portRestrictedCone, .portRestrictedCone, seed: seed, link: link)
      return scenario.run(isTracing: false).isConnected
    }
    #expect(connected == 50)
  }

  @Test(
    "Two pfSense routers meet where both map independently of the endpoint, and nowhere else",
    arguments: [(true, true), (true, false), (false, false)])
  func pfSense(first: Bool, second: Bool) {
    var scenario = HolePunching(first ? .pfSense : .pf, second ? .pfSense : .pf)
    let result = scenario.run()
    #expect(result.isConnected == (first && second))
  }

  @Test("Two Linux routers meet: a mapping for each remote, but all of them at one port")
  func linux() {
    var scenario = HolePunching(.linux, .linux)
    let result = scenario.run()
    #expect(result.isConnected)
    #expect(result.alice.peer == result.bob.mappedAddress)
    var random = HolePunching(.linuxRandom, .linuxRandom)
    let randomResult = random.run()
    #expect(!randomResult.isConnected)
  }

  @Test(
    "Who reaches whom follows from the NATs and firewalls of their places",
    arguments: 1...3 as ClosedRange<UInt64>)
  func places(seed: UInt64) {
    let matrix = PlaceMatrix.holePunching(seed: seed)
    #expect(matrix.places.count == 7)
    for (row, alice) in matrix.places.enumerated() {
      for (column, bob) in matrix.places.enumerated() {
        let pair = [alice, bob]
        // No UDP leaves a café. A carrier's NAT filters nothing, so that whoever sends there is
        // answered (RFC 6888 REQ-1, RFC 4787 §5), and a NAT64 filters by address alone (RFC 6146
        // §3.5), which an office's and a hotel's NAT keep. At home and in a data center the other's packets
        // come in once one has sent there, if they come from where the server saw it: not from
        // an office or a hotel, whose NATs have another mapping for each destination.
        let isExpected =
          !pair.contains(.cafe)
          && (pair.contains(.mobile) || pair.contains(.ipv6Mobile)
            || pair.allSatisfy { $0 == .home || $0 == .dataCenter })
        #expect(matrix.results[row][column].isConnected == isExpected, "\(alice) and \(bob)")
      }
    }
    #expect(matrix.connectedCount == 24)
  }
}
