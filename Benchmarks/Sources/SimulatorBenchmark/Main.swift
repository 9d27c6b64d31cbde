import CAllocationCounter
import NATTable
import ProcessorTime
import SansIO
import Simulator
import TransportAddress

/// Prints lines `ours`, work, figure, divided by tabs: nanoseconds of processor time, or bytes.
///
/// With `packet`, a packet's way; with numbers, the growth for so many hosts. With `rounds` and a
/// number it prints nothing: so many packets from each of a thousand hosts, for a tool that counts.
@main
enum Main {
  static let server = TransportAddress("203.0.113.9", port: 3478)

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "rounds", let count = arguments.last.flatMap({ Int($0) }) {
      var net = network(packetsOfEach: count)
      net.run()
      return
    }
    for argument in arguments {
      if let size = Int(argument) {
        Crowd.measure(size)
      } else {
        measurePacket()
      }
    }
  }

  /// An empty datagram of one of a thousand hosts, from its program through a NAT and the Internet to
  /// the program that counts it: what the peer measures too.
  static func measurePacket() {
    for isTracing in [false, true] {
      var net = network(packetsOfEach: 200)
      net.isTracing = isTracing
      // Half of the packets make mappings and fill memory for the first time; they do not count.
      net.run(until: .milliseconds(4 * 200))
      let before = net.deliveredCount
      let start = processorTime()
      net.run()
      let count = net.deliveredCount - before
      precondition(net.deliveredCount == 200_000)
      print("ours\t\(isTracing ? "traced" : "packet")\t\(per(start, count))")
    }
  }

  /// A thousand hosts behind a NAT, and a server that counts.
  static func network(packetsOfEach count: Int) -> Network {
    var net = Network(seed: 1)
    net.isTracing = false
    let home = net.router(
      "home", nat: .portRestrictedCone, prefixLength: 16, link: Link(latency: .milliseconds(1)))
    for number in 0..<1000 {
      net.host("host \(number)", behind: home, running: Repeater(count: count))
    }
    net.host("server", at: "203.0.113.9", running: Counter())
    return net
  }
}

/// Ever more hosts behind one carrier-grade NAT: what a host costs to draw and to keep, its first packet
/// and its later ones.
enum Crowd {
  static func measure(_ count: Int) {
    let name = count >= 1_000_000 ? "\(count / 1_000_000)M" : "\(count / 1000)k"
    let held = allocated_bytes()
    var start = processorTime()
    var net = Network(seed: 1)
    net.isTracing = false
    var plan = RouterPlan("cgn", nat: .portRestrictedCone)
    plan.gateway = IPv4Address(10, 0, 0, 1)
    plan.prefixLength = 8
    plan.link = Link(latency: .milliseconds(1))
    // Twenty thousand hosts to an address, which has 64 512 ports for them.
    plan.external = (0...count / 20_000).map {
      IPv4Address(rawValue: IPv4Address(198, 18, 0, 1).rawValue + UInt32($0))
    }
    do {
      let cgn = try net.add(plan)
      for number in 0..<count {
        var host = HostPlan("host \(number)")
        host.parent = cgn
        try net.add(program: Repeater(count: 3), to: net.add(host))
      }
    } catch {
      fatalError("\(error)")
    }
    net.host("server", at: "203.0.113.9", running: Counter())
    print("ours\tdraw-\(name)\t\(per(start, count))")
    print("ours\tmemory-\(name)\t\(Double(allocated_bytes() - held) / Double(count))")

    start = processorTime()
    net.run(until: .milliseconds(15))
    precondition(net.deliveredCount == count, "a packet was lost")
    print("ours\tfirst-\(name)\t\(per(start, count))")
    print("ours\tbusy-\(name)\t\(Double(allocated_bytes() - held) / Double(count))")
    start = processorTime()
    net.run(until: .milliseconds(55))
    precondition(net.deliveredCount == 3 * count, "a packet was lost")
    print("ours\tlater-\(name)\t\(per(start, 2 * count))")
  }
}

/// A program that sends an empty datagram each 20 ms.
struct Repeater: Endpoint {
  var left: Int
  private var isDue = false
  private(set) var nextDeadline: Instant? = .zero

  init(count: Int) {
    left = count
  }

  var ports: [UInt16] { [5000] }

  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {}

  mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {}

  mutating func timerFired(at now: Instant, using generator: inout SeededGenerator) {
    left -= 1
    isDue = true
    nextDeadline = left > 0 ? now.advanced(by: .milliseconds(20)) : nil
  }

  mutating func nextAction() -> EndpointAction? {
    guard isDue else { return nil }
    isDue = false
    return .send([], from: 5000, to: Main.server)
  }
}

/// A program that counts what comes.
struct Counter: Endpoint {
  private(set) var count = 0

  var ports: [UInt16] { [3478] }

  mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {}

  mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    count += 1
  }

  mutating func nextAction() -> EndpointAction? { nil }
}

/// Nanoseconds a work since a time.
func per(_ start: Int64, _ count: Int) -> Double {
  Double(processorTime() - start) / Double(count)
}
