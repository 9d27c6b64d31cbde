import IPPacket
import SansIO

/// Segments that come (RFC 9293 §3.10.7).
extension StreamConnection {
  /// Takes a segment in (RFC 9293 §3.10.7.3 and §3.10.7.4).
  mutating func received(_ segment: TCPSegment, at now: Instant) {
    if state == .closed { return }
    if state == .synSent { return receivedWhileOpening(segment, at: now) }
    var segment = segment
    if state == .synReceived, segment.flags.contains(.syn),
      segment.sequence - nextExpected == -1, segment.flags.contains(.ack)
    {
      // Simultaneous open: the other's SYN comes again, now with the ACK of ours (§3.5, figure 8).
      segment.flags.remove(.syn)
      segment.sequence = nextExpected
    }
    guard isAcceptable(segment) else {
      if segment.flags.contains(.rst) { return }
      if state == .timeWait { deadline = now.advanced(by: Self.maximumSegmentLifetime * 2) }
      return acknowledge()
    }
    if segment.flags.contains(.rst) {
      // A late segment that reaches the other side after its end is answered by a reset, which must
      // not end the wait for late segments (RFC 1337 §3).
      if state == .timeWait { return }
      // Only the exact number resets: a stranger who guesses is asked (RFC 5961 §3.2).
      guard segment.sequence == nextExpected else { return acknowledge() }
      return end(state == .synReceived && isActive ? .refused : .reset)
    }
    // RFC 5961 §4.2
    if segment.flags.contains(.syn) { return acknowledge() }
    guard segment.flags.contains(.ack), takeAcknowledgment(segment, at: now) else { return }
    takeData(segment)
    if segment.flags.contains(.fin), segment.sequence + segment.data.count == nextExpected {
      takeFIN(at: now)
    }
    transmit(at: now)
  }

  private mutating func receivedWhileOpening(_ segment: TCPSegment, at now: Instant) {
    let acknowledges = segment.flags.contains(.ack)
    if acknowledges, segment.acknowledgment != highestSent {
      // An old connection's: it is told that there is none.
      if let reset = segment.reset { outputs.append(.send(reset)) }
      return
    }
    if segment.flags.contains(.rst) {
      if acknowledges { end(.refused) }
      return
    }
    guard segment.flags.contains(.syn) else { return }
    take(segment)
    guard acknowledges else {
      state = .synReceived
      return sendSYN(at: now)
    }
    establish(at: now)
    acknowledge()
    transmit(at: now)
  }

  /// Whether some of a segment is in the window (RFC 9293 §3.10.7.4, table 6).
  private func isAcceptable(_ segment: TCPSegment) -> Bool {
    let start = segment.sequence - nextExpected
    let last = start + max(segment.length, 1) - 1
    let window = 0..<Self.window
    return window.contains(start) || segment.length > 0 && window.contains(last)
  }

  /// Notes what a SYN says.
  mutating func take(_ syn: TCPSegment) {
    nextExpected = syn.sequence + 1
    sendWindow = Int(syn.window)
    let size = syn.maximumSize.map(Int.init) ?? Self.defaultSegmentSize
    segmentSize = min(ownSegmentSize, max(size, 1))
  }

  mutating func establish(at now: Instant) {
    unacknowledged = unacknowledged + 1
    state = hasClosed ? .finWait1 : .established
    retransmissions = 0
    deadline = nil
    outputs.append(.tell(.opened))
  }

  /// - Returns: whether the rest of the segment counts.
  private mutating func takeAcknowledgment(_ segment: TCPSegment, at now: Instant) -> Bool {
    let count = segment.acknowledgment - unacknowledged
    if state == .synReceived {
      guard segment.acknowledgment == highestSent else {
        if let reset = segment.reset { outputs.append(.send(reset)) }
        return false
      }
      sendWindow = Int(segment.window)
      establish(at: now)
      return true
    }
    guard segment.acknowledgment - highestSent <= 0 else {
      acknowledge()
      return false
    }
    sendWindow = Int(segment.window)
    if count > 0 {
      let isFINAcknowledged = count > buffer.count
      buffer.removeFirst(min(count, buffer.count))
      unacknowledged = segment.acknowledgment
      if nextToSend - unacknowledged < 0 { nextToSend = unacknowledged }
      retransmissions = 0
      duplicates = 0
      deadline = unacknowledged == highestSent ? nil : now.advanced(by: Self.timeout)
      if isFINAcknowledged { finAcknowledged(at: now) }
    } else if count == 0, segment.length == 0, unacknowledged != highestSent {
      // Three that say the same mean that a segment is lost (RFC 5681 §3.2).
      duplicates += 1
      if duplicates == 3 { nextToSend = unacknowledged }
    }
    return state != .closed
  }

  private mutating func finAcknowledged(at now: Instant) {
    switch state {
    case .finWait1: state = .finWait2
    case .closing: waitForLateSegments(at: now)
    case .lastAck: end(nil)
    default: break
    }
  }

  private mutating func takeData(_ segment: TCPSegment) {
    guard !segment.data.isEmpty else { return }
    let known = nextExpected - segment.sequence
    let isReceiving = state == .established || state == .finWait1 || state == .finWait2
    if isReceiving, (0..<segment.data.count).contains(known) {
      nextExpected = nextExpected + (segment.data.count - known)
      outputs.append(.tell(.received(Array(segment.data[known...]))))
    }
    // Also of what came too early or again: the ACK says what is expected.
    acknowledge()
  }

  private mutating func takeFIN(at now: Instant) {
    switch state {
    case .established: state = .closeWait
    case .finWait1: state = .closing
    case .finWait2: waitForLateSegments(at: now)
    default: return
    }
    nextExpected = nextExpected + 1
    outputs.append(.tell(.ended))
    acknowledge()
  }

  private mutating func waitForLateSegments(at now: Instant) {
    state = .timeWait
    deadline = now.advanced(by: Self.maximumSegmentLifetime * 2)
  }
}
