import MulticastDNS
import SansIO
import Testing
import TransportAddress

/// Names that are asked for, by events and a virtual clock.
@Suite struct MulticastResolverTests {
  private static let responder: TransportAddress = "192.0.2.7:5353"

  /// A resolver with what it has wanted done.
  private struct Desk {
    var resolver = MulticastResolver()
    var generator = SeededGenerator(seed: 1)
    var now = Instant.zero
    /// The times at which queries were sent.
    var queries: [(time: Instant, bytes: [UInt8])] = []
    var results: [MulticastResolver.Action] = []

    init(_ names: String...) {
      for name in names { _ = want(name) }
    }

    mutating func want(_ name: String) -> Bool {
      let isAsked = resolver.wanted(name, at: now, using: &generator)
      drain()
      return isAsked
    }

    mutating func receive(
      _ message: Message, from source: TransportAddress = responder,
      by way: MulticastResolver.Way = .multicast
    ) {
      resolver.received(message.bytes.span, from: source, by: way, at: now)
      drain()
    }

    mutating func run(for duration: Duration) {
      let end = now.advanced(by: duration)
      while let next = resolver.nextDeadline, next <= end {
        now = next
        resolver.timerFired(at: now)
        drain()
      }
      now = end
    }

    private mutating func drain() {
      while let action = resolver.nextAction() {
        if case .send(let bytes) = action {
          queries.append((now, bytes))
        } else {
          results.append(action)
        }
      }
    }
  }

  private func message(_ answers: [UInt8]..., additional: [[UInt8]] = []) -> Message {
    var message = Message()
    (message.answers, message.additional) = (answers, additional)
    return message
  }

  @Test("Both families are asked for, each in a message of its own, at 0, 1 and 2 s; 5 s end it")
  func times() {
    var desk = Desk("a.local")
    desk.run(for: .seconds(4.9))
    #expect(
      desk.queries.map(\.time) == [
        .zero, .zero, .seconds(1), .seconds(1), .seconds(2), .seconds(2),
      ])
    #expect(Set(desk.queries.map(\.bytes)).count == 2)
    #expect(desk.results == [])
    desk.run(for: .seconds(0.1))
    #expect(desk.results == [.failed("a.local")])
    #expect(desk.resolver.nextDeadline == nil && !desk.resolver.isAsking)
  }

  @Test("An IPv6 address answers at once, and is the one that is taken")
  func preferred() {
    var desk = Desk("a.local")
    desk.receive(message(a("a.local"), aaaa("a.local")))
    #expect(desk.results == [.resolved("a.local", "2001:db8::7")])
  }

  @Test("An IPv4 address waits for one of IPv6, which may come in another message")
  func patience() {
    var desk = Desk("a.local")
    desk.receive(message(a("a.local")))
    desk.run(for: .milliseconds(199))
    #expect(desk.results == [])
    var other = desk
    other.receive(message(aaaa("a.local")))
    #expect(other.results == [.resolved("a.local", "2001:db8::7")])
    desk.run(for: .milliseconds(1))
    #expect(desk.results == [.resolved("a.local", "192.0.2.7")])
    #expect(desk.queries.count == 2)
  }

  @Test("Where the other family is denied, an IPv4 address answers at once")
  func denied() {
    var desk = Desk("a.local")
    desk.receive(message(a("a.local"), additional: [nsec("a.local", hasA: true)]))
    #expect(desk.results == [.resolved("a.local", "192.0.2.7")])
    // As browsers answer a question for the other family.
    desk = Desk("a.local")
    desk.receive(message(nsec("a.local", hasA: true), additional: [a("a.local")]))
    #expect(desk.results == [.resolved("a.local", "192.0.2.7")])
  }

  @Test("Where both families are denied, the name has failed")
  func nothing() {
    var desk = Desk("a.local")
    desk.receive(message(record(name("a.local"), .nsec, name("a.local"))))
    #expect(desk.results == [.failed("a.local")])
  }

  @Test("Of several addresses of a family the first is taken")
  func first() {
    var desk = Desk("a.local")
    desk.receive(message(a("a.local"), a("a.local", [192, 0, 2, 8])))
    desk.run(for: .seconds(1))
    #expect(desk.results == [.resolved("a.local", "192.0.2.7")])
  }

  @Test("The name of an answer may have other letters in capitals")
  func capitals() {
    var desk = Desk("Ab.local")
    desk.receive(message(aaaa("aB.LOCAL")))
    #expect(desk.results == [.resolved("Ab.local", "2001:db8::7")])
  }

  @Test("Answers to what was not asked, from other ports, and of other IDs do not count")
  func strangers() {
    var desk = Desk("a.local")
    desk.receive(message(aaaa("b.local")))
    desk.receive(message(aaaa("a.local")), from: "192.0.2.7:53530")
    desk.receive(message(aaaa("a.local")), by: .unicast)
    desk.receive(message(a("a.local", timeToLive: 0)))
    desk.receive(message(a("a.local", [224, 0, 0, 1])))
    desk.receive(message(aaaa("a.local", [0xFE, 0x80] + Array(repeating: 0, count: 13) + [1])))
    desk.receive(Message(flags: 0x0000))
    #expect(desk.results == [])
    #expect(
      desk.resolver.drops == [
        .unasked: 1, .port: 1, .id: 1, .goodbye: 1, .unusableAddress: 2, .malformed: 1,
      ])
  }

  @Test("A unicast response that repeats the query's ID counts")
  func unicast() throws {
    var desk = Desk("a.local")
    var answer = message(aaaa("a.local"))
    let query = try #require(desk.queries.first).bytes
    answer.id = UInt16(query[0]) << 8 | UInt16(query[1])
    desk.receive(answer, by: .unicast)
    #expect(desk.results == [.resolved("a.local", "2001:db8::7")])
  }

  @Test("An answer that comes after the time is up changes nothing")
  func late() {
    var desk = Desk("a.local")
    desk.run(for: .seconds(6))
    desk.receive(message(aaaa("a.local")))
    #expect(desk.results == [.failed("a.local")])
    #expect(desk.resolver.drops == [.unasked: 1])
  }

  @Test("One message may answer several names")
  func several() {
    var desk = Desk("a.local", "b.local", "c.local")
    #expect(desk.queries.count == 6)
    desk.receive(message(aaaa("c.local"), aaaa("a.local")))
    desk.run(for: .seconds(5))
    #expect(
      desk.results == [
        .resolved("c.local", "2001:db8::7"), .resolved("a.local", "2001:db8::7"),
        .failed("b.local"),
      ])
  }

  @Test("An address that is known is not asked for again until it holds no longer")
  func cache() {
    var desk = Desk("a.local")
    desk.receive(message(aaaa("a.local")))
    desk.run(for: .seconds(119))
    let isKnown = desk.want("A.local")
    #expect(isKnown)
    #expect(desk.results.last == .resolved("A.local", "2001:db8::7"))
    #expect(desk.queries.count == 2)
    desk.run(for: .seconds(1))
    let isAsked = desk.want("a.local")
    #expect(isAsked)
    #expect(desk.queries.count == 4)
  }

  @Test("A name that is being asked for is asked for once; other names are refused")
  func refusals() {
    var desk = Desk("a.local")
    let areAsked = ["A.local", "a.example", "a.b.local"].map { desk.want($0) }
    #expect(areAsked == [true, false, false])
    #expect(desk.queries.count == 2)
  }

  @Test("So many names are asked for at once, and so many remembered")
  func limit() {
    var desk = Desk()
    let names = (0..<MulticastResolver.nameLimit).map { "n\($0).local" }
    let areAsked = (names + ["more.local"]).map { desk.want($0) }
    #expect(areAsked == names.map { _ in true } + [false])
    for name in names { desk.receive(message(aaaa(name))) }
    let isAsked = desk.want("more.local")
    #expect(isAsked)
    desk.receive(message(aaaa("more.local")))
    #expect(desk.results.count == MulticastResolver.nameLimit + 1)
  }
}
