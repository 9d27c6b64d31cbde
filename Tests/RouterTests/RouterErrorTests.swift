import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

@testable import Router

/// The errors that make `traceroute` and path MTU discovery work.
@Suite struct RouterErrorTests {
  private func error(in outcome: Bench.Outcome) throws -> (ICMPError, from: IPAddress) {
    let packet = try outcome.only()
    #expect(wrongChecksums(of: outcome.sent[0].bytes) == [])
    guard case .error(let error) = packet.content else {
      throw PacketError(offset: 0, reason: .unsupportedMessage)
    }
    return (error, packet.source.address)
  }

  @Test("At its last hop a packet from inside is reported by the gateway, and leaves no mapping")
  func timeExceededInside() throws {
    var bench = Bench()
    let packet = datagram(timeToLive: 1)
    let outcome = bench.receive(packet, from: .inside)
    #expect(outcome.verdict == .drop(.timeExceeded))
    let (error, reporter) = try error(in: outcome)
    #expect(error.kind == .timeExceeded)
    #expect(error.embedded.source == host)
    #expect(error.embedded.destination == server)
    #expect(reporter == .v4(gateway))
    #expect(outcome.sent[0].side == .inside)
    // The sender gets the very bytes that it sent.
    #expect(Array(outcome.sent[0].bytes.dropFirst(28)) == packet)
    #expect(bench.router.table.count == 0)
  }

  @Test("From outside it is reported by the outside address, in the words of the outside")
  func timeExceededOutside() throws {
    var bench = Bench()
    _ = bench.receive(datagram(), from: .inside)
    let packet = datagram(from: server, to: "203.0.113.7:5000", timeToLive: 1)
    let outcome = bench.receive(packet, from: .outside)
    #expect(outcome.verdict == .drop(.timeExceeded))
    let (error, reporter) = try error(in: outcome)
    #expect(error.kind == .timeExceeded)
    #expect(reporter == .v4(external))
    #expect(outcome.sent[0].side == .outside)
    #expect(Array(outcome.sent[0].bytes.dropFirst(28)) == packet)
  }

  @Test("To a stranger whom the filter keeps out nothing is reported")
  func silenceOutside() {
    var bench = Bench()
    let outcome = bench.receive(
      datagram(from: server, to: "203.0.113.7:5000", timeToLive: 1), from: .outside)
    #expect(outcome.verdict == .drop(.table(.noMapping)))
    #expect(outcome.sent.isEmpty)
  }

  @Test("A packet too large for the next link that must not be cut: the link's MTU (REQ-13)")
  func fragmentationNeeded() throws {
    var bench = Bench(mtu: (inside: 1280, outside: 1400))
    let large = datagram(count: 1373, mustNotFragment: true)
    #expect(large.count == 1401)
    let outcome = bench.receive(large, from: .inside)
    #expect(outcome.verdict == .drop(.tooLarge))
    let (error, reporter) = try error(in: outcome)
    #expect(error.kind == .fragmentationNeeded)
    #expect(reporter == .v4(gateway))
    #expect(Array(outcome.sent[0].bytes[26..<28]) == [1400 >> 8, 1400 & 0xFF])
    // RFC 1812 §4.3.2.3
    #expect(outcome.sent[0].bytes.count == 576)

    let fits = bench.receive(datagram(count: 1372, mustNotFragment: true), from: .inside)
    #expect(fits.verdict == .forward(to: .outside, makesMapping: true))

    let back = bench.receive(
      datagram(from: server, to: "203.0.113.7:5000", count: 1300, mustNotFragment: true),
      from: .outside)
    let (second, outside) = try self.error(in: back)
    #expect(second.kind == .fragmentationNeeded)
    #expect(outside == .v4(external))
    #expect(Array(back.sent[0].bytes[26..<28]) == [1280 >> 8, 1280 & 0xFF])
  }

  @Test("A port of the router's own is unreachable")
  func portUnreachable() throws {
    var bench = Bench()
    for transport in [TransportProtocol.udp, .tcp] {
      let outcome = bench.receive(
        Packet(transport, from: host, to: TransportAddress(.v4(gateway), port: 53)), from: .inside)
      #expect(outcome.verdict == .drop(.forTheRouter))
      #expect(try error(in: outcome).0.kind == .portUnreachable)
    }
  }

  @Test("A host that gets no mapping any more is told (RFC 5508 REQ-8, RFC 6888 REQ-11)")
  func hostLimit() throws {
    var configuration = NATTable.Configuration.fullCone
    configuration.mappingsPerHost = 1
    var bench = Bench(configuration)
    _ = bench.receive(datagram(), from: .inside)
    let packet = datagram(from: "10.0.0.2:5001")
    let outcome = bench.receive(packet, from: .inside)
    #expect(outcome.verdict == .drop(.table(.hostLimit)))
    #expect(try error(in: outcome).0.kind == .administrativelyProhibited)
    #expect(Array(outcome.sent[0].bytes.dropFirst(28)) == packet)
  }

  @Test("No error is about an error, or about a fragment that is not the first")
  func noErrors() {
    var bench = Bench()
    let about = Packet(from: server, to: host)
    var error = Packet.error(.portUnreachable, from: host.address, about: about).bytes(
      timeToLive: 1)
    #expect(bench.receive(error, from: .inside).verdict == .drop(.timeExceeded))
    #expect(bench.receive(error, from: .inside).sent.isEmpty)
    // Of an unknown type: it may be an error.
    error[20] = 42
    #expect(bench.receive(error, from: .inside).sent.isEmpty)
    var later = Fragmentation(mtu: 1500).fragments(of: datagram(count: 3000).span)[1]
    later[8] = 1
    later.updateHeaderChecksum()
    #expect(bench.receive(later, from: .inside).verdict == .drop(.timeExceeded))
    #expect(bench.receive(later, from: .inside).sent.isEmpty)
  }

  @Test("After a burst of 50 errors there is one each 10 ms (RFC 1812 §4.3.2.8)")
  func limit() {
    var bench = Bench()
    func errors(_ packets: Int) -> Int {
      (0..<packets).reduce(0) { sum, _ in
        sum + bench.receive(datagram(timeToLive: 1), from: .inside).sent.count
      }
    }
    #expect(errors(60) == 50)
    bench.now = .milliseconds(20)
    #expect(errors(60) == 2)
    bench.now = .seconds(100)
    #expect(errors(60) == 50)
  }

  @Test("In the long run there are 100 errors a second, whatever the packets' times")
  func sustainedLimit() {
    var limit = ErrorLimit()
    var random = SeededGenerator(seed: 1)
    var now = Instant.zero
    var allowed = 0
    while now < .seconds(1000) {
      if limit.allows(at: now) { allowed += 1 }
      now.nanoseconds += .random(in: 1_000_000...9_999_999, using: &random)
    }
    // The burst of 50, and one each 10 ms of a thousand seconds
    #expect((100_049...100_050).contains(allowed))
  }
}
