import FoundationEssentials
import Glibc
import IPPacket
import SansIO
import TestSupport
import Testing
import TransportAddress

@testable import NATTable
@testable import Router

/// The checksums of translated packets, verified by somebody else's program.
@Suite(.serialized, .waitsForChildren, .timeLimit(.minutes(2))) struct TranslatedChecksumTests {
  @Test(
    """
    tshark finds every checksum right in what a random mix becomes: UDP, TCP, ICMP queries and \
    errors with what they carry, fragments in any order, datagrams without a checksum
    """, .needs("tshark"))
  func randomMix() throws {
    let folder = try Folder()
    defer { folder.remove() }
    var packets: [[UInt8]] = []
    for (number, preset) in NATTable.Configuration.presets.enumerated() {
      var mix = RandomMix(preset.configuration, seed: UInt64(number + 1))
      for _ in 0..<2500 { mix.step() }
      packets += mix.translated
    }
    let file = folder.path + "/mix.pcap"
    try Data(rawCapture(packets)).write(to: URL(filePath: file))
    let checksums = try TsharkChecksums(file)
    #expect(checksums.frames == packets.count)
    #expect(checksums.bad.isEmpty, "\(checksums.bad.count), \(checksums.bad.prefix(5))")
    #expect(packets.count > 10_000)
    #expect(packets.count { $0[6] & 0x3F != 0 || $0[7] != 0 } > 2000, "fragments")
    for (name, least) in [("ip", 10_000), ("udp", 2000), ("tcp", 1000), ("icmp", 1500)] {
      #expect(checksums.good[name, default: 0] > least, "\(name): \(checksums.good)")
    }
  }

  @Test(
    "On both sides of a NAT between real hosts tshark finds every checksum right",
    .needsNetworks("tshark", "dumpcap", "python3", "ping", "traceroute"))
  func realHosts() throws {
    let laboratory = try TUNLaboratory(["--no-offload", "--preset", "symmetric"])
    let (home, street, far) = (laboratory.home, laboratory.street, laboratory.far)
    let folder = laboratory.folder.path
    let captures = try [(home, "inside"), (street, "outside")].map { network, name in
      try network.start(
        "exec dumpcap -q -i tun0 -w \(folder)/\(name).pcapng", output: folder + "/\(name).log")
    }
    for name in ["inside", "outside"] {
      try waitFor("the capture \(name)") {
        (try? String(contentsOfFile: "\(folder)/\(name).log", encoding: .utf8))?
          .contains("File: ") == true
      }
    }
    let echo = try far.start("exec python3 -c '\(Self.echoServer)'")
    try waitFor("the server") { (try? far.run("ss -Htln 'sport = 7' | grep -q .")) != nil }
    try home.run("python3 -c '\(Self.echoClient)'", seconds: 20)
    try home.run("ping -c 20 -i 0.02 -s 3000 198.51.100.9; traceroute -n -q 1 198.51.100.9")
    // One that nobody listens to: an error comes back.
    try home.run("traceroute -n -U -p 9 -q 1 -w 1 198.51.100.9")
    // What is captured last is this, which no NAT changes: then all that was before it is there too.
    try home.run("ping -c 1 -p 7468652d656e64 198.51.100.9")
    for name in ["inside", "outside"] {
      try waitFor("the end of the capture \(name)") {
        try Data(contentsOf: URL(filePath: "\(folder)/\(name).pcapng"))
          .firstRange(of: Data("the-endthe-end".utf8)) != nil
      }
    }
    for capture in captures { capture.stop(SIGINT) }
    echo.stop()

    for name in ["inside", "outside"] {
      let checksums = try TsharkChecksums("\(folder)/\(name).pcapng")
      #expect(checksums.bad.isEmpty, "\(name): \(checksums.bad.prefix(5))")
      #expect(checksums.frames > 1000, "\(name)")
      for part in ["udp", "tcp", "icmp"] {
        #expect(checksums.good[part, default: 0] > 20, "\(name): \(checksums.good)")
      }
    }
    // The inside's addresses show nowhere outside, not even in what errors carry.
    let leaked = try Program.run(
      "tshark", ["-r", folder + "/outside.pcapng", "-Y", "ip.addr == 10.0.0.0/8"])
    #expect(leaked.exitCode == 0)
    #expect(leaked.output == "")
  }

  /// Echoes TCP and UDP at port 7.
  private static let echoServer = """
    import socket, threading
    tcp = socket.create_server(("198.51.100.9", 7))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("198.51.100.9", 7))
    def echo_datagrams():
        while True:
            data, sender = udp.recvfrom(65536)
            udp.sendto(data, sender)
    threading.Thread(target=echo_datagrams, daemon=True).start()
    while True:
        connection, _ = tcp.accept()
        while data := connection.recv(65536): connection.sendall(data)
        connection.close()
    """

  /// Sends 1 MB over TCP, and datagrams of all sizes, most of them in fragments.
  private static let echoClient = """
    import socket, threading
    count = 1_000_000
    with socket.create_connection(("198.51.100.9", 7)) as tcp:
        threading.Thread(target=tcp.sendall, args=(bytes(range(250)) * (count // 250),)).start()
        while count > 0: count -= len(tcp.recv(65536))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.settimeout(5)
    udp.connect(("198.51.100.9", 7))
    for size in range(0, 9000, 100):
        udp.send(bytes([size % 251]) * size)
        assert len(udp.recv(65536)) == size
    """
}

/// Random packets through a router, and what they become.
private struct RandomMix {
  private(set) var translated: [[UInt8]] = []
  private var router: NATRouter
  private var traffic: Traffic
  private var random: SeededGenerator
  private var identification: UInt16 = 0

  init(_ configuration: NATTable.Configuration, seed: UInt64) {
    // One seed for each, so that no two of them send datagrams of one Identification: tshark would
    // put their fragments together.
    router = try! NATRouter(
      NATTable(configuration, external: ["203.0.113.7"], randomSeed: seed), gateway: "10.0.0.1",
      mtu: (1400, 1400))
    traffic = Traffic(seed: seed)
    random = SeededGenerator(seed: seed << 32)
    identification = UInt16(truncatingIfNeeded: seed << 13)
  }

  /// Sends one packet, or an error about one that went through.
  mutating func step() {
    if !translated.isEmpty, Int.random(in: 0..<10, using: &random) == 0 { return reportError() }
    let (packet, fromInside) = traffic.next()
    var count = [0, 1, 60, 500, 1200, 1372, 1390, 3000, 5001].randomElement(using: &random) ?? 0
    // Of a segment that an error carries in part tshark would want the whole checksum.
    if packet.protocol == .tcp { count = min(count, 500) }
    let payload = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    var bytes = packet.bytes(
      payload: payload, timeToLive: .random(in: 1...64, using: &random))
    if case .error = packet.content { bytes = packet.bytes() }
    // RFC 768: none.
    if packet.protocol == .udp, Bool.random(using: &random), Bool.random(using: &random) {
      bytes[26] = 0
      bytes[27] = 0
    }
    identify(&bytes)
    var pieces =
      bytes.count > 1500 ? Fragmentation(mtu: 1400).fragments(of: bytes.span) : [bytes]
    pieces.shuffle(using: &random)
    for piece in pieces {
      guard let sent = pass(piece, from: fromInside ? .inside : .outside) else { continue }
      if pieces.count == 1, let read = try? Packet(parsing: sent.span) {
        traffic.passed(packet, as: read, fromInside: fromInside)
      }
    }
  }

  private mutating func reportError() {
    guard let about = translated.randomElement(using: &random), about[0] >> 4 == 4,
      let header = try? IPLayout(about.span, at: 0, isWhole: true)
    else { return }
    let isOutside = about.span.addressV4(at: header.source) == "203.0.113.7"
    let reporter: IPv4Address =
      isOutside ? "192.0.2.254" : about.span.addressV4(at: header.destination)
    let kinds: [ICMPError.Kind] = [.hostUnreachable, .portUnreachable, .timeExceeded]
    let error = ICMPErrorMessage(kinds.randomElement(using: &random) ?? .hostUnreachable)
    var buffer = [UInt8](repeating: 0, count: 576)
    var output = buffer.mutableSpan
    guard var length = error.write(about: about.span, from: .v4(reporter), into: &output) else {
      return
    }
    // As much as a router may quote, or as much as it must: the header and eight bytes.
    if Bool.random(using: &random) { length = min(length, 28 + 28) }
    var bytes = Array(buffer.prefix(length))
    bytes[2...3] = [UInt8(length >> 8), UInt8(length & 0xFF)]
    bytes[22...23] = [0, 0]
    var checksum = Checksum()
    checksum.add(bytes.span, in: 20..<length)
    bytes[22...23] = [UInt8(checksum.value >> 8), UInt8(checksum.value & 0xFF)]
    identify(&bytes)
    _ = pass(bytes, from: isOutside ? .outside : .inside)
  }

  /// Gives each datagram a number of its own. tshark puts fragments together by that number xor the
  /// protocol's, so that it is this which must differ.
  private mutating func identify(_ bytes: inout [UInt8]) {
    identification &+= 1
    bytes[4] = UInt8(identification >> 8)
    bytes[5] = UInt8(identification & 0xFF) ^ bytes[9]
    bytes[10] = 0
    bytes[11] = 0
    var checksum = Checksum()
    checksum.add(bytes.span, in: 0..<20)
    bytes[10] = UInt8(checksum.value >> 8)
    bytes[11] = UInt8(checksum.value & 0xFF)
  }

  private mutating func pass(_ packet: [UInt8], from side: NATRouter.Side) -> [UInt8]? {
    var bytes = packet
    var span = bytes.mutableSpan
    let verdict = router.received(&span, from: side, at: .zero)
    var sent: [UInt8]?
    if case .forward = verdict {
      translated.append(bytes)
      sent = bytes
    }
    while case .send(let own)? = router.nextAction() { translated.append(own.bytes) }
    return sent
  }
}
