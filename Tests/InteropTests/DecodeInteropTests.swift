import FoundationEssentials
import STUNCodec
import TestSupport
import Testing
import TransportAddress

/// The program's decoder beside Wireshark's.
@Suite(.timeLimit(.minutes(2))) struct DecodeInteropTests {
  @Test("Every field of messages of our own making is what tshark says", .needs("tshark"))
  func ownMessages() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let file = folder.path + "/own.pcap"
    try Data(pcap(try messages())).write(to: URL(filePath: file))
    let decoded = try Decoded(file)
    #expect(decoded.messages.count == decoded.frames)
    #expect(try compareWithTshark(file, decoded) > 60)
  }

  @Test(
    "Every field of coturn's and its clients' traffic, UDP and TCP, is what tshark says",
    .needs("tshark", "dumpcap", "turnserver", "turnutils_uclient", "turnutils_stunclient"))
  func coturn() throws {
    let folder = try Folder()
    defer { folder.remove() }
    try Data(Self.script.utf8).write(to: URL(filePath: folder.path + "/record.sh"))
    let port = Int.random(in: 20_000..<30_000)
    _ = try Program.run("sh", ["record.sh", "\(port)"], in: folder.path)
    let file = folder.path + "/capture.pcapng"
    let decoded = try Decoded(file, ["--username", "user", "--password", "pass"])
    // An empty capture would be equal to anything.
    try #require(decoded.messages.count > 50)
    #expect(decoded.messages.contains { $0.kind == "ChannelData" })
    // Its client still takes channel numbers from RFC 5766's range.
    #expect(
      decoded.messages.flatMap(\.problems).allSatisfy { $0.message.contains("0x4000 to 0x4FFF") })
    let checks = decoded.messages.flatMap(\.integrity)
    #expect(checks.count > 20)
    #expect(checks.allSatisfy { $0.result == "verified" && $0.key == "long-term (MD5)" })
    #expect(try compareWithTshark(file, decoded) > 400)
  }

  /// Records a TURN server and its clients on the loopback interface.
  static let script = """
    set -eu
    port=$1
    dumpcap -q -i lo -f "port $port" -w capture.pcapng >/dev/null 2>dumpcap.log &
    dump=$!
    turnserver -n -L 127.0.0.1 -E 127.0.0.1 -p "$port" --lt-cred-mech -u user:pass \\
      -r example.org --no-tls --no-dtls --allow-loopback-peers --no-cli --log-file turn.log \\
      --pidfile turn.pid --userdb turn.db >/dev/null 2>&1 &
    turn=$!
    trap 'kill $turn $dump 2>/dev/null || true; wait' EXIT
    tries=0
    until timeout 1 turnutils_stunclient -p "$port" 127.0.0.1 >/dev/null 2>&1 && [ -s capture.pcapng ]; do
      tries=$((tries + 1))
      [ $tries -lt 50 ] || exit 69
      sleep 0.1
    done
    for transport in '' -t; do
      turnutils_uclient $transport -y -c -m 1 -n 3 -l 100 -u user -w pass -p "$port" 127.0.0.1 \\
        >>uclient.log 2>&1 || true
    done
    sleep 0.3
    """

  /// One message for each thing that is compared.
  func messages() throws -> [[UInt8]] {
    let key = MessageIntegrityKey(shortTermPassword: "secret")
    let id = TransactionID(high: 0x0102_0304, low: 0x0506_0708_090A_0B0C)
    let binding = try STUNMessage.encode(.bindingRequest, transactionID: id) { message in
      try message.append(software: "pathfinder")
      try message.append(username: "evtj:h6vY")
      try message.append(priority: 0x6E00_01FF)
      try message.append(iceControlling: 0x0123_4567_89AB_CDEF)
      try message.appendUseCandidate()
      try message.append(changeRequest: [.ip])
      try message.appendMessageIntegrity(key)
      try message.appendFingerprint()
    }
    let response = try STUNMessage.encode(.bindingSuccessResponse, transactionID: id) { message in
      try message.append(mappedAddress: "203.0.113.7:40000")
      try message.append(xorMappedAddress: "203.0.113.7:40000")
      try message.append(responseOrigin: "198.51.100.1:3478")
      try message.append(otherAddress: "198.51.100.2:3479")
      try message.append(alternateServer: "[2001:db8::5]:3478")
      try message.append(cacheTimeout: 40)
      try message.appendFingerprint()
    }
    let six = try STUNMessage.encode(.bindingSuccessResponse, transactionID: id) { message in
      try message.append(xorMappedAddress: "[2001:db8:1234:5678:11:2233:4455:6677]:32853")
      try message.append(iceControlled: 7)
    }
    let error = try STUNMessage.encode(
      MessageType(.errorResponse, .allocate), transactionID: id
    ) { message in
      try message.append(errorCode: .unknownAttribute)
      try message.append(unknownAttributes: [AttributeType(rawValue: 0x7F00)])
      try message.append(realm: "example.org")
      try message.append(nonce: "f//499k954d6OL34oL9FSTvy64sA")
    }
    let allocate = try STUNMessage.encode(
      MessageType(.request, .allocate), transactionID: id
    ) { message in
      try message.append(requestedTransport: 17)
      try message.append(lifetime: 600)
      try message.append(evenPortReservesNext: true)
      try message.appendDontFragment()
      try message.append(reservationToken: 0x0102_0304_0506_0708)
    }
    let bind = try STUNMessage.encode(
      MessageType(.request, .channelBind), transactionID: id
    ) { message in
      try message.append(channelNumber: ChannelNumber(rawValue: 0x4001))
      try message.append(xorPeerAddress: "192.0.2.9:5000")
    }
    let data = try STUNMessage.encode(
      MessageType(.indication, .data), transactionID: id
    ) { message in
      try message.append(xorPeerAddress: "[2001:db8::9]:5000")
      try message.append(.data, bytes: [1, 2, 3])
      try message.append(icmp: ICMPError(type: 3, code: 4, data: 1280))
    }
    var damaged = response
    damaged[damaged.count - 1] ^= 1
    return [binding, response, six, error, allocate, bind, data, damaged]
  }

  /// A capture of these UDP payloads from 192.0.2.1:40000 to 198.51.100.1:3478.
  func pcap(_ payloads: [[UInt8]]) -> [UInt8] {
    func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }
    func big(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
    var file: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0]
    file += little(0) + little(0) + little(65535) + little(101)
    for (index, payload) in payloads.enumerated() {
      let udp = big(40000) + big(3478) + big(8 + payload.count) + [0, 0] + payload
      let packet =
        [0x45, 0] + big(20 + udp.count) + [0, 0, 0, 0, 64, 17, 0, 0]
        + [192, 0, 2, 1, 198, 51, 100, 1] + udp
      file += little(1000 + index) + little(0) + little(packet.count) + little(packet.count)
      file += packet
    }
    return file
  }
}

/// A folder that is gone when the test is.
struct Folder {
  let path: String

  init() throws {
    let name = "pathfinder-\(UInt64.random(in: .min ... .max))"
    path = FileManager.default.temporaryDirectory.path + "/" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}
