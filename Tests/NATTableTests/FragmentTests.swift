import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

/// RFC 4787 §11: fragments, of which only the first has ports.
@Suite struct FragmentTests {
  private func fragment(
    _ packet: Packet, at offset: UInt16, last: Bool = false, identification: UInt32 = 7
  ) -> Packet {
    var fragment = packet
    fragment.fragment = Fragment(
      identification: identification, offset: offset, moreFollow: !last)
    if offset > 0 {
      fragment.source.port = 0
      fragment.destination.port = 0
    }
    return fragment
  }

  @Test("REQ-14: fragments in order go where the first goes, both ways")
  func inOrder() throws {
    var nat = NATTable(.fullCone, external: external)
    let whole = Packet(from: host, to: server)
    let first = try #require(nat.outbound(fragment(whole, at: 0), at: .zero).packet)
    #expect(first.source == "203.0.113.7:5000")
    let second = try #require(nat.outbound(fragment(whole, at: 1480, last: true), at: .zero).packet)
    #expect(second.source == "203.0.113.7:0")
    #expect(second.destination == "198.51.100.1:0")

    let answer = Packet(from: server, to: "203.0.113.7:5000")
    _ = nat.inbound(fragment(answer, at: 0), at: .zero)
    let tail = nat.inbound(fragment(answer, at: 1480, last: true), at: .zero)
    #expect(tail.packet?.destination == "10.0.0.2:0")
  }

  @Test("REQ-14: fragments before the first are held, and go on when it has come")
  func outOfOrder() throws {
    var nat = NATTable(.fullCone, external: external)
    let whole = Packet(from: host, to: server)
    let last = fragment(whole, at: 2960, last: true)
    let middle = fragment(whole, at: 1480)
    guard case .hold(let token) = nat.outbound(last, at: .zero) else {
      Issue.record("the last fragment was not held")
      return
    }
    #expect(nat.outbound(middle, at: .zero) == .hold(token))
    #expect(nat.nextAction() == nil)
    #expect(nat.outbound(fragment(whole, at: 0), at: .zero).packet != nil)
    #expect(nat.nextAction() == .offerAgain(token))
    #expect(nat.nextAction() == nil)
    #expect(nat.outbound(last, at: .zero).packet?.source == "203.0.113.7:0")
    #expect(nat.outbound(middle, at: .zero).packet?.source == "203.0.113.7:0")
  }

  @Test("REQ-14: held fragments share the fate of a first one that is dropped")
  func droppedFirst() throws {
    var nat = NATTable(.portRestrictedCone, external: external)
    let whole = Packet(from: server, to: "203.0.113.7:5000")
    let last = fragment(whole, at: 1480, last: true)
    guard case .hold(let token) = nat.inbound(last, at: .zero) else {
      Issue.record("the last fragment was not held")
      return
    }
    #expect(nat.inbound(fragment(whole, at: 0), at: .zero) == .drop(.noMapping))
    #expect(nat.nextAction() == .offerAgain(token))
    #expect(nat.inbound(last, at: .zero) == .drop(.noMapping))
  }

  @Test("REQ-14: fragments of two datagrams are told apart by their identification and ends")
  func apart() {
    var nat = NATTable(.fullCone, external: external)
    let mine = Packet(from: host, to: server)
    let other = Packet(from: neighbour, to: server)
    _ = nat.outbound(fragment(mine, at: 0), at: .zero)
    let tail = fragment(mine, at: 1480, last: true, identification: 8)
    #expect(nat.outbound(tail, at: .zero).packet == nil)
    #expect(nat.outbound(fragment(other, at: 1480), at: .zero).packet == nil)
    #expect(nat.outbound(fragment(mine, at: 1480), at: .zero).packet != nil)
  }

  @Test("REQ-14: what waits in vain is given up in time")
  func abandoned() {
    var nat = NATTable(.fullCone, external: external)
    let tail = fragment(Packet(from: host, to: server), at: 1480, last: true)
    guard case .hold(let token) = nat.outbound(tail, at: .zero) else {
      Issue.record("the fragment was not held")
      return
    }
    #expect(nat.nextDeadline == .seconds(15))
    nat.expire(at: .seconds(15))
    #expect(nat.nextAction() == .discard(token))
    #expect(nat.nextDeadline == nil)
  }

  @Test("REQ-14a: a flood of later fragments leaves room for datagrams that come in order")
  func flood() {
    var nat = NATTable(.fullCone, external: external)
    let attack = Packet(from: "10.0.0.66:1", to: server)
    var held = 0
    for identification in UInt32(0)..<10_000 {
      let tail = fragment(attack, at: 1480, last: true, identification: identification)
      if case .hold = nat.outbound(tail, at: .zero) { held += 1 }
    }
    #expect(held == 128)
    let whole = Packet(from: host, to: server)
    #expect(nat.outbound(fragment(whole, at: 0), at: .zero).packet != nil)
    #expect(nat.outbound(fragment(whole, at: 1480, last: true), at: .zero).packet != nil)
    #expect(nat.outbound(whole, at: .zero).packet != nil)
  }

  @Test("REQ-14a: one datagram cannot have fragments held without end")
  func oneDatagram() {
    var nat = NATTable(.fullCone, external: external)
    let tail = fragment(Packet(from: host, to: server), at: 1480)
    var held = 0
    for _ in 0..<1000 {
      if case .hold = nat.outbound(tail, at: .zero) { held += 1 }
    }
    #expect(held == 120)
    #expect(nat.outbound(tail, at: .zero) == .drop(.tooManyFragments))
  }
}
