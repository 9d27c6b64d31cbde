import STUNCodec
import SansIO
import TURN
import Testing
import TransportAddress

@Suite struct PeerPolicyTests {
  // Pitfall 26, field report T11.
  @Test(
    "Peers that a stranger could not reach are refused with 403, in every embedding",
    arguments: [
      "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1",
      "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.169.254", "224.0.0.1",
      "239.255.255.255", "255.255.255.255", "240.0.0.1", "192.0.0.1", "198.18.0.1",
      "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1",
      "::127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1",
      "64:ff9b:1::7f00:1", "2002:7f00:1::1", "2002:a00:1::1", "2001:0:7f00:1::1",
      "2001:0:cb00:7105:0:0:80ff:fffe", "2001:db8::5efe:7f00:1", "2001:db8::200:5efe:a00:1",
      "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
    ] as [IPAddress])
  func refused(address: IPAddress) throws {
    #expect(!PeerPolicy().allows(address))
    var server = try TestServer()
    var client = try RawClient()
    try client.allocate(&server) { try $0.append(additionalAddressFamily: .ipv6) }
    let peer = TransportAddress(address, port: 80)
    #expect(
      try client.refusal(&server, .createPermission) { try $0.append(xorPeerAddress: peer) }
        == .forbidden)
    #expect(try client.bind(&server, 0x4000, to: peer) == .forbidden)
    #expect(
      try server.receive(client.send([1], to: peer), on: alice).verdict == .drop(.noPermission))
  }

  @Test(
    "Peers on the Internet are allowed, and examples' addresses",
    arguments: [
      "8.8.8.8", "172.15.255.255", "172.32.0.1", "203.0.113.5", "2001:4860:4860::8888",
      "2001:db8::5", "2001:4860::5efe:808:808",
    ] as [IPAddress])
  func allowed(address: IPAddress) {
    #expect(PeerPolicy().allows(address))
  }

  @Test("A block that is allowed opens itself alone, and not what it carries")
  func allowedBlock() throws {
    var policy = PeerPolicy(allowed: [
      try .init("10.1.0.0", prefixLength: 16), try .init("64:ff9b::", prefixLength: 96),
    ])
    #expect(policy.allows("10.1.2.3") && !policy.allows("10.2.0.1"))
    #expect(policy.allows("64:ff9b::8.8.8.8") && policy.allows("64:ff9b::10.1.2.3"))
    #expect(!policy.allows("64:ff9b::127.0.0.1") && !policy.allows("64:ff9b::10.2.0.1"))
    policy.denied = [try .init("10.1.2.0", prefixLength: 24)]
    #expect(!policy.allows("10.1.2.3") && policy.allows("10.1.3.3"))
    #expect(!policy.allows("64:ff9b::10.1.2.3"))
  }

  @Test(
    "Tunnels and local NAT64, once allowed, still lead to no host that is refused",
    arguments: [
      ("2001:0:808:808:0:0:f7f7:f7f7", true), ("2001:0:7f00:1:0:0:f7f7:f7f7", false),
      ("2001:0:808:808:0:0:80ff:fffe", false), ("64:ff9b:1:808:8:800::", true),
      ("64:ff9b:1:7f00:0:100::", false), ("64:ff9b:1::808:808", true),
      ("64:ff9b:1::7f00:1", false), ("64:ff9b:1::", false), ("2002:808:808::1", true),
      ("2002:7f00:1::1", false),
    ] as [(IPAddress, Bool)])
  func allowedTunnels(address: IPAddress, isAllowed: Bool) throws {
    let policy = PeerPolicy(allowed: [
      try .init("2001::", prefixLength: 32), try .init("64:ff9b:1::", prefixLength: 48),
      try .init("2002::", prefixLength: 16),
    ])
    #expect(policy.allows(address) == isAllowed)
  }

  @Test("A block's prefix has as many bits as its address at most, and none is all addresses")
  func blocks() throws {
    #expect(throws: TURNConfigurationError.prefixLengthOutOfRange(33, bitCount: 32)) {
      try PeerPolicy.Block("10.0.0.0", prefixLength: 33)
    }
    #expect(throws: TURNConfigurationError.prefixLengthOutOfRange(-1, bitCount: 128)) {
      try PeerPolicy.Block("::", prefixLength: -1)
    }
    let all = try PeerPolicy.Block("0.0.0.0", prefixLength: 0)
    #expect(all.contains("255.255.255.255") && !all.contains("::"))
    let one = try PeerPolicy.Block("2001:db8::1", prefixLength: 128)
    #expect(one.contains("2001:db8::1") && !one.contains("2001:db8::2"))
    let half = try PeerPolicy.Block("2001:db8::", prefixLength: 64)
    #expect(half.contains("2001:db8::ffff:1") && !half.contains("2001:db8:0:1::"))
  }

  @Test("The server's other addresses are refused, also carried in another one")
  func ownAddresses() throws {
    var settings = try configuration(
      policy: PeerPolicy(allowed: [try .init("::", prefixLength: 0)]))
    settings.ownAddresses = ["198.51.100.2", "2001:db8:1::2"]
    var server = try TestServer(settings)
    var client = try RawClient()
    try client.allocate(&server) { try $0.append(additionalAddressFamily: .ipv6) }
    for own: TransportAddress in [
      "198.51.100.2:53", "[2001:db8:1::2]:53", "[::ffff:198.51.100.2]:53",
      "[::ffff:198.51.100.1]:53",
    ] {
      #expect(
        try client.refusal(&server, .createPermission) { try $0.append(xorPeerAddress: own) }
          == .forbidden)
    }
  }

  @Test("The relayed address is a peer's as well, unless a block that is denied has it")
  func relayedAddress() throws {
    for isDenied in [false, true] {
      let policy = PeerPolicy(
        denied: isDenied ? [try .init(relayAddress, prefixLength: 24)] : [])
      var server = try TestServer(try configuration(policy: policy))
      var client = try RawClient()
      try client.allocate(&server)
      let peer = TransportAddress(relayAddress, port: 50_000)
      #expect(
        try client.refusal(&server, .createPermission) { try $0.append(xorPeerAddress: peer) }
          == (isDenied ? .forbidden : nil))
    }
  }

  @Test("A configuration that cannot be obeyed is thrown, not put right (T21)")
  func configurationErrors() throws {
    #expect(throws: TURNConfigurationError.noRelayedAddress) { try TURNServer.Configuration() }
    #expect(throws: TURNConfigurationError.wrongFamily) {
      try TURNServer.Configuration(ipv4: .init(relayAddress6))
    }
    #expect(throws: TURNConfigurationError.portZero) {
      try TURNServer.RelayedAddress(relayAddress, ports: 0...9)
    }
    #expect(throws: TURNConfigurationError.limitOutOfRange(0)) {
      try TURNServer.Configuration(
        ipv4: .init(relayAddress), limits: .init(allocationsPerUser: 0))
    }
    #expect(throws: TURNConfigurationError.lifetimeOutOfRange(.seconds(4000))) {
      try TURNServer.Configuration(
        ipv4: .init(relayAddress), defaultLifetime: .seconds(4000))
    }
  }
}
