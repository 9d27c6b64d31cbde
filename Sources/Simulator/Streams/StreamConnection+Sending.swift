import IPPacket
import SansIO

/// Segments that go, for the first time and again.
extension StreamConnection {
  /// Notes that the path takes packets of this size at most, and sends again what was too large
  /// (RFC 1191 §6.4).
  mutating func limitSegments(to size: Int, at now: Instant) {
    guard size < segmentSize else { return }
    segmentSize = max(size, 1)
    guard state != .synSent, state != .synReceived else { return }
    nextToSend = unacknowledged
    transmit(at: now)
  }

  /// Sends again what was not acknowledged in time, gives up, or ends the wait after the close.
  mutating func timerFired(at now: Instant) {
    guard let deadline, deadline <= now else { return }
    self.deadline = nil
    if state == .timeWait { return end(nil) }
    retransmissions += 1
    guard retransmissions <= Self.retransmissionLimit else { return end(.timedOut) }
    nextToSend = unacknowledged
    duplicates = 0
    if state == .synSent || state == .synReceived {
      sendSYN(at: now)
    } else {
      transmit(at: now)
    }
  }

  mutating func sendSYN(at now: Instant) {
    var segment = TCPSegment(.syn, sequence: unacknowledged)
    segment.maximumSize = UInt16(clamping: ownSegmentSize)
    if state == .synReceived {
      segment.flags.insert(.ack)
      segment.acknowledgment = nextExpected
    }
    emit(segment, at: now)
  }

  /// Sends what the window allows, and the FIN behind it.
  mutating func transmit(at now: Instant) {
    switch state {
    case .established, .closeWait, .finWait1, .closing, .lastAck: break
    case .synSent, .synReceived, .finWait2, .timeWait, .closed: return
    }
    while true {
      let start = nextToSend - unacknowledged
      // With the FIN sent there is a byte more than the buffer has.
      if start > buffer.count { return }
      let count = min(segmentSize, buffer.count - start, sendWindow - start)
      let isLast = start + max(count, 0) == buffer.count
      var segment = TCPSegment(.ack, sequence: nextToSend)
      if count > 0 { segment.data = buffer.bytes(at: start, count: count) }
      if isLast, hasClosed { segment.flags.insert(.fin) }
      if segment.length == 0 { return }
      segment.acknowledgment = nextExpected
      emit(segment, at: now)
    }
  }

  mutating func emit(_ segment: TCPSegment, at now: Instant) {
    nextToSend = segment.sequence + segment.length
    if nextToSend - highestSent > 0 { highestSent = nextToSend }
    outputs.append(.send(segment))
    // The timer runs for the first that is not acknowledged (RFC 6298 §5.1).
    if deadline == nil {
      deadline = now.advanced(by: Self.timeout * (1 << retransmissions))
    }
  }

  mutating func acknowledge() {
    var segment = TCPSegment(.ack, sequence: highestSent)
    segment.acknowledgment = nextExpected
    outputs.append(.send(segment))
  }
}
