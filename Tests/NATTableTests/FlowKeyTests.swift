import IPPacket
import SansIO
import Testing
import TransportAddress

@_spi(Measurement) @testable import NATTable

@Suite struct FlowKeyTests {
  static let endpoints: [TransportAddress] = [
    "10.0.0.2:5000", "10.0.0.2:5001", "10.0.0.3:5000", "0.0.0.0:0", "255.255.255.255:65535",
    "[2001:db8::1]:3478", "[2001:db8::1]:3479", "[2001:db8::2]:3478", "[2001:db8:0:1::1]:3478",
    "[2001:db8::1:0:0:1]:3478", "[::10.0.0.2]:5000", "[ffff::a:0:2]:5000",
  ]

  @Test("Ends are unpacked as they were packed, and what their holder puts in changes none of them")
  func roundTrip() {
    for inside in Self.endpoints {
      for remote in Self.endpoints where remote.address.isV6 == inside.address.isV6 {
        var flow = FlowKey(
          .tcp, inside: PackedEndpoint(inside), remote: PackedEndpoint("198.51.100.1:80"),
          isStatic: true)
        flow.spare = 0xFFFF
        flow.remoteEndpoint = PackedEndpoint(remote)
        #expect(flow.insideEndpoint.endpoint == inside)
        #expect(flow.remoteEndpoint.endpoint == remote)
        #expect(flow.protocol == .tcp)
        #expect(flow.spare == 0xFFFF)
      }
    }
  }

  @Test("A mask lets two remotes agree where the behaviour makes the same scope of them")
  func masks() {
    for behavior in EndpointDependence.allCases {
      let mask = RemoteMask(behavior)
      for one in Self.endpoints {
        var flow = FlowKey(.udp, inside: PackedEndpoint(one), remote: PackedEndpoint(one))
        flow.spare = 1234
        for other in Self.endpoints {
          let areAlike = behavior.scope(of: one) == behavior.scope(of: other)
          #expect(mask.agree(flow, PackedEndpoint(other)) == areAlike, "\(one) \(other)")
          if one.address.isV6 == other.address.isV6 {
            #expect(flow.hasRemote(PackedEndpoint(other)) == (one == other))
          }
        }
      }
    }
  }

  @Test(
    "Ends agree, and then have one hash, where protocol, inside endpoint and scope are the same")
  func keys() {
    let seeds = HashSeeds(0x1234_5678_9ABC_DEF0)
    for behavior in EndpointDependence.allCases {
      let mask = RemoteMask(behavior)
      let all = [TransportProtocol.udp, .tcp].flatMap { `protocol` in
        Self.endpoints.flatMap { inside in Self.endpoints.map { (`protocol`, inside, $0) } }
      }.filter { $0.1.address.isV6 == $0.2.address.isV6 }
      for one in all {
        let left = FlowKey(one.0, inside: PackedEndpoint(one.1), remote: PackedEndpoint(one.2))
        for other in all {
          let right = FlowKey(
            other.0, inside: PackedEndpoint(other.1), remote: PackedEndpoint(other.2))
          let areAlike =
            one.0 == other.0 && one.1 == other.1
            && behavior.scope(of: one.2) == behavior.scope(of: other.2)
          let haveOneHash = mask.hash(left, seeds) == mask.hash(right, seeds)
          #expect(mask.agree(left, right) == areAlike && haveOneHash == areAlike)
        }
      }
    }
  }

  @Test("Endpoints side by side fill the buckets as evenly as chance would, whatever the seed")
  func distribution() {
    var random = SeededGenerator(seed: 5)
    let server = PackedEndpoint("198.51.100.1:3478")
    for _ in 0..<100 {
      let seeds = HashSeeds(random.next())
      var (hosts, remotes) = (SlotIndex(isQuick: true), SlotIndex(isQuick: true))
      for number in UInt32(0)..<3000 {
        let inside = PackedEndpoint(
          IPv4Address(rawValue: 0x0A00_0000 + number / 60), port: UInt16(2000 + number % 60))
        let remote = PackedEndpoint(IPv4Address(rawValue: 0xC633_6400 + number), port: 3478)
        let (outward, onward) = (
          FlowKeyV4(.udp, inside: inside, remote: server),
          FlowKeyV4(.udp, inside: server, remote: remote)
        )
        hosts.insert(RemoteMask.none.hash(outward, seeds), number)
        remotes.insert(RemoteMask.endpoint.hash(onward, seeds), number)
      }
      #expect(hosts.longestChain <= 20)
      #expect(remotes.longestChain <= 20)
    }
  }

  @Test("A look-up tells port and deadline, the short way and the long one, for either family")
  func lookUps() {
    for (inside, outside, remotes) in [
      ("10.0.0.2:5000", "203.0.113.7", ["198.51.100.1:3478", "198.51.100.2:3478"]),
      ("[fd00::2]:5000", "2001:db8:7::7", ["[2001:db8::1]:3478", "[2001:db8::2]:3478"]),
    ] as [(TransportAddress, IPAddress, [TransportAddress])] {
      var nat = NATTable(.portRestrictedCone, external: outside)
      for (number, remote) in remotes.enumerated() {
        #expect(nat.lookUpOutbound(.udp, from: inside, to: remote) == nil)
        let sent = nat.outbound(Packet(from: inside, to: remote), at: .seconds(Int64(number)))
        let end = TransportAddress(outside, port: sent.packet?.source.port ?? 0)
        let expires = nat.nextDeadline?.advanced(by: .seconds(number))
        let found = nat.lookUpOutbound(.udp, from: inside, to: remote)
        #expect(found?.port == end.port && found?.expires == expires)
        let back = nat.lookUpInbound(.udp, from: remote, to: end)
        #expect(back?.port == 5000 && back?.expires == expires)
        #expect(nat.lookUpInbound(.tcp, from: remote, to: end) == nil)
        let stranger = TransportAddress(remote.address, port: 1)
        #expect(nat.lookUpInbound(.udp, from: stranger, to: end) == nil)
      }
    }
  }
}
