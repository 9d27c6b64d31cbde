import STUNCodec
import SansIO
import Testing
import TransportAddress

@testable import TURN

/// The server's two tables, beside models that are too simple to be wrong.
@Suite struct TableTests {
  @Test("A pool gives each port once, those that are even on demand, and takes them back")
  func pool() {
    var generator = SeededGenerator(seed: 1)
    for seed in 0..<50 as Range<UInt64> {
      generator.state = seed
      let first = UInt16.random(in: 1...100, using: &generator)
      let ports = first...first + UInt16.random(in: 0...140, using: &generator)
      var pool = PortPool(address: "198.51.100.1", ports: ports)
      var taken: Set<UInt16> = []
      for _ in 0..<400 {
        if Bool.random(using: &generator), let port = taken.randomElement(using: &generator) {
          pool.release(port)
          taken.remove(port)
          continue
        }
        let need = [PortPool.Need.any, .even, .evenWithNext].randomElement(using: &generator)!
        let free = ports.filter { !taken.contains($0) }
        let fit = free.filter {
          switch need {
          case .any: true
          case .even: $0 % 2 == 0
          case .evenWithNext: $0 % 2 == 0 && free.contains($0 + 1)
          }
        }
        let port = pool.take(need, using: &generator)
        #expect(port.map(fit.contains) ?? fit.isEmpty)
        if let port {
          taken.insert(port)
          if need == .evenWithNext { taken.insert(port + 1) }
        }
        #expect(pool.freeCount == ports.count - taken.count)
      }
    }
  }

  @Test("Permissions and channels are what a list of all requests says that they are")
  func peers() {
    struct Request {
      let number: ChannelNumber?
      let peer: TransportAddress
      let time: Instant
    }
    for seed in 0..<60 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var table = PeerTable(seed: 1)
      var log: [Request] = []
      var now = Instant.zero
      let peers = (0..<6).map {
        TransportAddress(.v4(IPv4Address(203, 0, 113, UInt8($0 / 2))), port: UInt16(1 + $0 % 2))
      }
      let numbers = (0..<5).map { ChannelNumber(rawValue: 0x4000 + UInt16($0)) }
      func isPermitted(_ address: IPAddress) -> Bool {
        log.contains { $0.peer.address == address && $0.time.duration(to: now) < .seconds(300) }
      }
      func peer(of number: ChannelNumber) -> TransportAddress? {
        log.last { $0.number == number && $0.time.duration(to: now) < .seconds(600) }?.peer
      }
      for _ in 0..<120 {
        now = now.advanced(by: .seconds(Int.random(in: 0...60, using: &generator)))
        let target = peers.randomElement(using: &generator)!
        let number = numbers.randomElement(using: &generator)!
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
          table.permit(target.address, until: now.advanced(by: .seconds(300)))
          log.append(Request(number: nil, peer: target, time: now))
        case 1, 2:
          let holder = peer(of: number)
          let other = numbers.contains { $0 != number && peer(of: $0) == target }
          let expected: PeerTable.Binding =
            other || holder != nil && holder != target
            ? .conflict : holder == nil ? .new : .refresh
          #expect(table.binding(of: number, to: target, at: now) == expected)
          guard expected != .conflict else { continue }
          table.permit(target.address, until: now.advanced(by: .seconds(300)))
          table.bind(number, to: target, until: now.advanced(by: .seconds(600)))
          log.append(Request(number: number, peer: target, time: now))
        default: table.sweep(at: now)
        }
        for number in numbers {
          let bound = peer(of: number)
          let expected: PeerTable.Destination =
            bound.map { isPermitted($0.address) ? .peer($0) : .noPermission } ?? .unbound
          #expect(table.destination(of: number, at: now) == expected)
        }
        for peer in peers {
          let bound = numbers.first { number in
            log.last { $0.number == number && $0.time.duration(to: now) < .seconds(600) }?.peer
              == peer
          }
          let expected: PeerTable.Route =
            isPermitted(peer.address) ? bound.map { .channel($0) } ?? .indication : .noPermission
          #expect(table.route(from: peer, at: now) == expected)
          #expect(table.permits(peer.address, at: now) == isPermitted(peer.address))
        }
      }
    }
  }

  // Field report T12, with the headers of IPv4 and UDP, which are sent as well.
  @Test(
    "A million forged requests get fewer bytes than they bring; those of a second, all challenges",
    arguments: [1, 10, 100])
  func challenges(microseconds: Int64) {
    var budget = ChallengeBudget()
    var now = Instant.zero
    func answers(to count: Int) -> Int {
      (0..<count).count { _ in
        now = now.advanced(by: .microseconds(microseconds))
        return budget.admits(challengeOf: 116, to: 28, at: now)
      }
    }
    #expect(answers(to: 10_000) == 10_000)
    let answered = answers(to: 1_000_000)
    let isSlow = microseconds == 100
    // Ten thousand a second are no flood, and more than it brings: 95 bytes of a thousand of them.
    #expect(answered * 144 < 1_000_000 * 56 + (isSlow ? 100 * 96_000 : 0))
    #expect(answered > 330_000)
    // When it is over, everyone gets one again.
    now = now.advanced(by: .seconds(20))
    #expect(answers(to: 10_000) == 10_000)
  }
}
