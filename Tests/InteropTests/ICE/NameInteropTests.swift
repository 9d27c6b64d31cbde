import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `workbook connect`, told of candidates with names, and a responder on the same link, in Python.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(5))) struct NameInteropTests {
  /// How the responder answers.
  enum Manner: String, CaseIterable, Sendable {
    /// To the group, over IPv4, as browsers do.
    case multicast4
    /// To the port that has asked, over IPv4, with the query's ID.
    case unicast4
    /// Likewise over IPv6.
    case multicast6
    case unicast6

    /// What `bob.local` is said to have.
    var address: String { rawValue.hasSuffix("4") ? "192.0.2.2" : "fd00::2" }
  }

  /// Answers each query for `bob.local` with the address of its manner, and others not at all.
  private static let responder = """
    import socket, struct, sys
    manner, address = sys.argv[1], sys.argv[2]
    v6 = manner.endswith("6")
    family = socket.AF_INET6 if v6 else socket.AF_INET
    group = "ff02::fb" if v6 else "224.0.0.251"
    link = socket.if_nametoindex("eth0")
    peer = socket.socket(family, socket.SOCK_DGRAM)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    packed = socket.inet_pton(family, group)
    if v6:
        peer.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, packed + struct.pack("@I", link))
        peer.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, link)
    else:
        request = packed + socket.inet_aton("0.0.0.0") + struct.pack("@i", link)
        peer.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
        peer.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, request)
    peer.bind(("::" if v6 else "0.0.0.0", 5353))
    print("ready", flush=True)
    name = b"\\x03bob\\x05local\\x00"
    kind = 28 if v6 else 1
    data = socket.inet_pton(family, address)
    while True:
        query, source = peer.recvfrom(9000)
        print(source, query.hex(), flush=True)
        if query[12:-4] != name or struct.unpack("!H", query[-4:-2])[0] != kind:
            continue
        identity = query[:2] if manner.startswith("unicast") else b"\\0\\0"
        answer = identity + struct.pack("!5H", 0x8400, 0, 1, 0, 0) + name
        answer += struct.pack("!HHIH", kind, 0x8001, 120, len(data)) + data
        target = source if manner.startswith("unicast") else (group, 5353)
        peer.sendto(answer, target)
    """

  @Test(
    "A name is resolved on the link, however the responder answers; one that is none's is left out",
    .needsNetworks(), arguments: Manner.allCases)
  func resolved(manner: Manner) throws {
    let street = try ConnectStreet(onOneLink: true)
    try street.alice.run("ip address add fd00::1/64 dev eth0 nodad")
    try street.bob.run("ip address add fd00::2/64 dev eth0 nodad")
    try Data(Self.responder.utf8).write(to: URL(filePath: street.folder.path + "/responder.py"))
    let responder = try street.bob.start(
      "cd \(street.folder.path) && exec python3 responder.py \(manner) \(manner.address) >bob.out 2>&1"
    )
    defer { responder.stop() }
    try waitFor("the responder") { street.text("bob.out").contains("ready") }
    let ours = try street.open(street.alice, "alice", "offer --json --explain --folder .")
    defer { ours.stop(SIGKILL) }
    try waitFor("the offer") { !street.text("offer").isEmpty }
    let answer = """
      v=0
      a=ice-options:ice2 trickle
      a=ice-ufrag:abcd
      a=ice-pwd:abcdefghijklmnopqrstuv
      m=application 9 udp octet-stream
      a=candidate:1 1 UDP 2130706431 bob.local 6000 typ host
      a=candidate:2 1 UDP 2130706430 nobody.local 6001 typ host
      a=end-of-candidates

      """
    try Data(answer.utf8).write(
      to: URL(filePath: street.folder.path + "/answer"), options: .atomic)
    try waitFor("both names", seconds: 30) { street.text("alice.out").contains("unresolved") }
    let lines = try street.text("alice.out").split(separator: "\n").map { try JSONValue($0) }
    let resolved = lines.filter { $0["event"] == .string("resolved") }
    #expect(resolved.map { $0["name"] } == [.string("bob.local")], "\(street.log)")
    #expect(resolved.map { $0["address"] } == [.string(manner.address)], "\(street.log)")
    #expect(
      lines.last { $0["event"] == .string("unresolved") }?["name"] == .string("nobody.local"),
      "\(street.log)")
    let pairs = lines.filter { $0["event"] == .string("pair") }
    #expect(
      pairs.contains { $0["remote"]?.text?.contains(":6000 host") == true }, "\(street.log)")
    let schema = try JSONSchema.documented()
    for line in lines { #expect(schema.problems(of: line, in: "connect") == []) }
    #expect(ours.stop(SIGINT) == 130, "\(street.log)")
  }
}
