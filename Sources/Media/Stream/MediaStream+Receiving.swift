import STUN
import STUNCodec
public import SansIO

/// When a packet came.
struct PacketArrival: Hashable, Sendable {
  /// Its number, which counts rounds.
  let number: Int64
  /// When its first sample was taken, in samples since the first packet's.
  let place: Int64
  /// When it came.
  let time: Instant
  /// Whether that was too late to be played.
  let isLate: Bool
}

extension MediaStream {
  /// A datagram has come: RTP or RTCP (RFC 7983 §7, RFC 5761 §4).
  ///
  /// What it is not, or what cannot be read in it, is counted in ``drops``.
  /// - Complexity: O(*n*) in the bytes; for RTP, allocates nothing but room for what is kept.
  public mutating func received(_ bytes: Span<UInt8>, at now: Instant) {
    self.now = now
    playout.play(until: now)
    let kind = PacketKind(bytes.bytes)
    do throws(RTPError) {
      switch kind {
      case .rtp: take(try RTPPacket(bytes), of: bytes)
      case .rtcp: take(try RTCPPacket.compound(bytes))
      default: drops.count(.otherProtocol(kind))
      }
    } catch {
      drops.count(.malformed(error.code))
    }
  }

  private mutating func take(_ packet: RTPPacket, of bytes: Span<UInt8>) {
    let header = packet.header
    guard header.source != start.source else { return drops.count(.ownSource) }
    guard header.source == peerSource ?? header.source else { return drops.count(.otherSource) }
    guard header.payloadType == .pcmu else {
      return drops.count(.payloadType(header.payloadType))
    }
    guard case .new(let number) = count(header.sequenceNumber) else { return }
    // Nothing is known of a source but by what can be played.
    peerSource = header.source
    let place = playout.place(of: header.timestamp, at: now)
    // Wraps for what no sender means.
    statistics.came(.nanoseconds(now.nanoseconds &- place &* PacketArrival.sampleNanoseconds))
    let outcome = playout.put(bytes.extracting(packet.payload), at: place)
    switch outcome {
    case .taken: break
    case .late: lateCount += 1
    case .early: drops.count(.early)
    }
    if arrivals.count < arrivalLimit {
      arrivals.append(
        PacketArrival(number: number, place: place, time: now, isLate: outcome == .late))
    }
  }

  private mutating func count(_ sequenceNumber: UInt16) -> ReceptionStatistics.Place {
    let place = statistics.received(sequenceNumber)
    if place == .jump { drops.count(.jump) }
    return place
  }

  private mutating func take(_ packets: [RTCPPacket]) {
    for packet in packets {
      switch packet {
      case .senderReport(let source, let info, let blocks):
        guard source != start.source else {
          drops.count(.ownSource)
          continue
        }
        if source == peerSource { lastSenderReport = (info.time.middle, now) }
        take(blocks)
      case .receiverReport(_, let blocks): take(blocks)
      case .goodbye(let sources):
        // One that was never heard may leave, too.
        if peerSource.map(sources.contains) ?? !sources.isEmpty { hasPeerLeft = true }
      case .sourceDescription, .other: break
      }
    }
  }

  private mutating func take(_ blocks: [ReportBlock]) {
    guard let block = blocks.last(where: { $0.source == start.source }) else { return }
    peerReport = block
    if let time = block.roundTrip(at: now) { roundTrip = time }
  }
}

extension PacketArrival {
  /// How far samples are apart.
  static let sampleNanoseconds = 1_000_000_000 / Int64(PCMU.rate)
}
