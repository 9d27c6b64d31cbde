import ICE
import STUNCodec
import SansIO
import Testing
import TransportAddress

/// A lite agent whose peer nominates more than once, after a NAT has given it another address.
@Suite(.report("I24", "versatica/mediasoup 650, 1585 and 1607")) struct LiteNominationTests {
  let first: TransportAddress = "203.0.113.9:40000"
  let second: TransportAddress = "203.0.113.9:41000"
  let third: TransportAddress = "203.0.113.9:42000"

  private func deliver(
    _ check: [UInt8], from source: TransportAddress, to desk: inout LiteDesk
  ) {
    let isAnswered = desk.deliver(check, from: source)
    #expect(isAnswered)
  }

  @Test("A peer that nominates regularly means the latest pair, whatever its priority")
  func regular() throws {
    var desk = try LiteDesk()
    for (source, priority) in [(first, 2_130_706_431), (second, 1_862_270_975), (third, 1)]
      as [(TransportAddress, UInt32)]
    {
      deliver(try desk.check(priority: priority), from: source, to: &desk)
      deliver(try desk.check(use: true, priority: priority), from: source, to: &desk)
      #expect(desk.destination == source)
    }
  }

  @Test("A late copy of a former nomination does not undo the latest one")
  func lateCopy() throws {
    var desk = try LiteDesk()
    deliver(try desk.check(), from: first, to: &desk)
    let nomination = try desk.check(use: true)
    deliver(nomination, from: first, to: &desk)
    deliver(try desk.check(), from: second, to: &desk)
    deliver(try desk.check(use: true), from: second, to: &desk)
    deliver(nomination, from: first, to: &desk)
    #expect(desk.destination == second)
  }

  @Test("A peer with USE-CANDIDATE in every check means the pair with the highest priority")
  func aggressive() throws {
    var desk = try LiteDesk()
    deliver(try desk.check(use: true, priority: 100), from: first, to: &desk)
    deliver(try desk.check(use: true, priority: 200), from: second, to: &desk)
    #expect(desk.destination == second)
    deliver(try desk.check(use: true, priority: 100), from: first, to: &desk)
    #expect(desk.destination == second)
  }

  @Test("Of such a peer's candidate that a NAT gives another address the latest address counts")
  func rebinding() throws {
    var desk = try LiteDesk()
    for source in [first, second, third] {
      // PRIORITY is that of the same candidate each time.
      deliver(try desk.check(use: true), from: source, to: &desk)
      #expect(desk.destination == source)
    }
  }

  @Test("Where both agree to several nominations, the highest number counts, in whatever order")
  func renomination() throws {
    var desk = try LiteDesk(renominates: true)
    deliver(try desk.check(use: true, priority: 300, nomination: 1), from: first, to: &desk)
    #expect(desk.destination == first)
    deliver(try desk.check(use: true, priority: 100, nomination: 3), from: third, to: &desk)
    #expect(desk.destination == third)
    deliver(try desk.check(use: true, priority: 500, nomination: 2), from: second, to: &desk)
    #expect(desk.destination == third)
  }

  @Test("Renomination and aggressive nomination mixed: a number goes before none")
  func mixed() throws {
    var desk = try LiteDesk(renominates: true)
    deliver(try desk.check(use: true, priority: 300), from: first, to: &desk)
    deliver(try desk.check(use: true, priority: 100, nomination: 1), from: second, to: &desk)
    #expect(desk.destination == second)
    deliver(try desk.check(use: true, priority: 300), from: first, to: &desk)
    #expect(desk.destination == second)
  }
}
