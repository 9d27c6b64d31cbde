import SansIO
import Simulator
import Testing
import TransportAddress

@Suite struct LinkTests {
  /// Packets that one host sends to another, a millisecond apart; the sender's link has the faults.
  private func send(
    _ count: Int, over link: Link, seed: UInt64 = 1, every interval: Int64 = 1_000_000,
    byteCount: Int = 4
  ) -> (trace: Trace, received: [ScriptEndpoint.Received]) {
    var net = Network(seed: seed)
    let lines = (0..<count).map { number in
      var payload = [UInt8](repeating: 0, count: byteCount)
      for shift in 0..<4 { payload[shift] = UInt8(truncatingIfNeeded: number >> (8 * shift)) }
      return ScriptEndpoint.Line(
        at: Instant(nanoseconds: Int64(number) * interval), send: payload, to: "203.0.113.9:7")
    }
    net.host("sender", link: link, running: ScriptEndpoint(lines))
    let receiver = net.host(
      "receiver", at: "203.0.113.9", link: Link(latency: .zero), running: ScriptEndpoint(port: 7))
    net.run()
    return (net.trace, net.received(by: receiver))
  }

  private func numbers(_ received: [ScriptEndpoint.Received]) -> [Int] {
    received.map { Int($0.payload[0]) | Int($0.payload[1]) << 8 | Int($0.payload[2]) << 16 }
  }

  @Test(
    "As many packets are lost as the link's loss says, in the long run",
    arguments: [
      Loss.none, .independent(0), .independent(0.1), .independent(0.5), .independent(1),
      .gilbertElliott(toBad: 0.02, toGood: 0.2),
      .gilbertElliott(toBad: 0.1, toGood: 0.1, inGood: 0.01, inBad: 0.5),
    ], 1...3 as ClosedRange<UInt64>)
  func lossRate(loss: Loss, seed: UInt64) {
    var link = Link(latency: .milliseconds(1))
    link.loss = loss
    let count = 5000
    let (trace, received) = send(count, over: link, seed: seed)
    #expect(received.count == count - trace.lossCount(.onLink))
    let rate = Double(trace.lossCount(.onLink)) / Double(count)
    // Five standard deviations, each burst of the chain counted as one event of some 20 packets.
    let deviation = 5 * (loss.rate * (1 - loss.rate) / Double(count) * 20).squareRoot()
    #expect(abs(rate - loss.rate) <= deviation)
  }

  @Test("Gilbert and Elliott's losses come in bursts as long as the bad state lasts")
  func bursts() {
    var link = Link(latency: .milliseconds(1))
    link.loss = .gilbertElliott(toBad: 0.02, toGood: 0.2)
    let (_, received) = send(20_000, over: link)
    let numbers = numbers(received)
    let bursts = zip(numbers, numbers.dropFirst()).map { $1 - $0 - 1 }.filter { $0 > 0 }
    // 1 / toGood
    let mean = Double(bursts.reduce(0, +)) / Double(bursts.count)
    #expect(abs(mean - 5) < 0.75)
  }

  @Test("A packet takes the latency, and up to the jitter more, and overtakes no other by it")
  func jitter() {
    var link = Link(latency: .milliseconds(10))
    link.jitter = .milliseconds(4)
    let (_, received) = send(2000, over: link)
    #expect(received.count == 2000)
    let delays = received.enumerated().map {
      $0.element.time.nanoseconds - Int64($0.offset) * 1_000_000
    }
    #expect(delays.allSatisfy { (10_000_000...14_000_000).contains($0) })
    #expect(delays.min() ?? 0 < 10_500_000 && delays.max() ?? 0 > 13_500_000)
    #expect(numbers(received) == Array(0..<2000))
  }

  @Test("A share of the packets arrives twice, as a packet with a number of its own")
  func duplication() {
    var link = Link(latency: .milliseconds(1))
    link.duplication = 0.2
    let (trace, received) = send(5000, over: link)
    let copies = received.count - 5000
    #expect((900...1100).contains(copies))
    let recorded = trace.events.count { if case .duplicated = $0.kind { true } else { false } }
    #expect(recorded == copies)
    #expect(Set(numbers(received)).count == 5000)
  }

  @Test("A share of the packets is overtaken by others, and none is lost by it")
  func reordering() {
    var link = Link(latency: .milliseconds(1))
    link.reordering = 0.1
    let (_, received) = send(5000, over: link)
    let numbers = numbers(received)
    #expect(numbers.sorted() == Array(0..<5000))
    var highest = -1
    let late = numbers.count { number in
      defer { highest = max(highest, number) }
      return number < highest
    }
    #expect((400...600).contains(late))
  }

  @Test("A link with a rate takes a packet's length in time, one packet after the other")
  func rate() {
    var link = Link(latency: .milliseconds(1))
    // Packets of 1000 bytes at 8 Mbit/s: one millisecond each.
    link.rate = 8_000_000
    let (_, received) = send(10, over: link, every: 0, byteCount: 972)
    #expect(received.map(\.time) == (2...11).map { Instant.milliseconds($0) })
  }

  @Test("A packet that finds the queue full is dropped, and says so")
  func queue() {
    var link = Link(latency: .milliseconds(1))
    link.rate = 8_000_000
    link.queueLimit = 3000
    let (trace, received) = send(10, over: link, every: 0, byteCount: 972)
    // The fourth finds 3000 bytes, as many as may wait; the fifth finds more.
    #expect(numbers(received) == [0, 1, 2, 3])
    #expect(trace.lossCount(.queueFull) == 6)
    #expect(trace.lossCount() == 6)
  }

  @Test("A host's own link drops what is larger than its MTU")
  func mtu() {
    var link = Link.cable
    link.mtu = 100
    let (trace, received) = send(1, over: link, byteCount: 73)
    #expect(received.isEmpty)
    #expect(trace.lossCount(.tooLarge) == 1)
    #expect(send(1, over: link, byteCount: 72).received.count == 1)
  }
}
