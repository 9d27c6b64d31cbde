internal import Media
internal import SansIO

/// Any bytes as RTP and as RTCP: read or refused, and what was read, written again, is read as the same;
/// then as datagrams to one side of a call.
func readMedia(_ bytes: [UInt8]) {
  if let packet = try? RTPPacket(bytes) {
    let written = packet.header.packet(
      Array(bytes[packet.payload]),
      contributingSources: packet.contributingSources(in: bytes.span),
      headerExtension: packet.headerExtension.map { ($0.profile, Array(bytes[$0.data])) },
      padding: packet.paddingCount)
    demand((try? RTPPacket(written)) == packet, "a packet is not read again")
    _ = packet.description
  }
  if let packets = try? RTCPPacket.compound(bytes) {
    demand(
      (try? RTCPPacket.compound(RTCPPacket.encode(packets))) == packets,
      "a compound packet is not read again")
    _ = packets.map(\.description)
  }
  takeCall(bytes)
}

/// One side of a call takes the bytes as datagrams: a byte with the length, one with the time since the last
/// in steps of 10 ms, one after which this side sends, and what is in it.
private func takeCall(_ bytes: [UInt8]) {
  var configuration = MediaConfiguration()
  configuration.recordLimit = .seconds(1)
  var stream = MediaStream(
    configuration, from: RTPStart(source: 1, sequenceNumber: 0xFFF0, timestamp: 0))
  var generator = SeededGenerator(seed: 1)
  var (now, count, index) = (Instant.zero, 0, 0)
  var buffer: [UInt8] = []
  stream.started(at: now, using: &generator)
  while index + 2 < bytes.count {
    let end = min(bytes.count, index + 3 + Int(bytes[index]))
    now = now.advanced(by: .milliseconds(10 * Int64(bytes[index + 1])))
    let datagram = Array(bytes[(index + 3)..<end])
    stream.received(datagram.span, at: now)
    count += 1
    if bytes[index + 2] & 1 == 1 { stream.timerFired(at: now, using: &generator) }
    var sentCount = 0
    while stream.nextPacket(into: &buffer) {
      sentCount += 1
      demand(
        (try? RTPPacket(buffer)) != nil || (try? RTCPPacket.compound(buffer)) != nil,
        "what is sent cannot be read")
    }
    demand(sentCount <= 27, "too many packets at once")
    index = end
  }
  stream.stopped(at: now)
  stream.played(until: now.advanced(by: .seconds(10)))
  let figures = stream.figures()
  demand(figures.receivedCount <= count, "more has been received than came")
  demand(
    figures.lostCount >= 0 && figures.receivedCount + figures.lostCount == figures.expectedCount,
    "the packets do not add up")
  demand(stream.played.count <= 8000, "more is kept than the limit")
  let plot = stream.delayPlot()
  demand(
    plot.text(width: 40).split(separator: "\n").allSatisfy { $0.count <= 40 }, "a line is too wide")
  _ = plot.words()
  _ = figures.description
}
