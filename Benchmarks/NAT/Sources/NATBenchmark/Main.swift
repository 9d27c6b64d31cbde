import Glibc
import NATTable
import ProtocolTime
import TransportAddress

/// Prints a line for each work: its name, the number of mappings, ours and the flat map's time in
/// nanoseconds (0 where there is nothing to compare), tab-separated.
@main
enum Main {
  static let server: TransportAddress = "198.51.100.1:3478"
  static let stranger: TransportAddress = "192.0.2.9:1"
  nonisolated(unsafe) static var sink: UInt64 = 0

  static func main() {
    for count in CommandLine.arguments.count > 1
      ? [Int(CommandLine.arguments[1]) ?? 1000] : [1000, 64_000, 1_000_000]
    { measure(count) }
  }

  /// The inside endpoint with a number: 60 ports a host.
  static func inside(_ number: Int) -> TransportAddress {
    TransportAddress(
      .v4(IPv4Address(rawValue: 0x0A00_0000 + UInt32(number / 60))),
      port: UInt16(2000 + number % 60))
  }

  static func measure(_ count: Int) {
    let addresses = (0..<(count / 60_000 + 1)).map {
      IPAddress.v4(IPv4Address(rawValue: 0xCB00_7100 + UInt32($0)))
    }
    // In an order that no cache foresees, the same for both.
    var random = Generator(state: 1)
    let order = (0..<count).map { _ in inside(Int.random(in: 0..<count, using: &random)) }

    let before = residentBytes()
    var nat = NATTable(.portRestrictedCone, external: addresses)
    var outsides: [TransportAddress] = []
    outsides.reserveCapacity(count)
    var slowest: Int64 = 0
    let made = time(count) {
      for number in 0..<count {
        let packet = Packet(from: inside(number), to: server)
        if case .forward(let sent) = nat.outbound(packet, at: .zero) {
          outsides.append(sent.source)
        }
      }
    }
    let bytes = Double(residentBytes() - before) / Double(count)
    precondition(outsides.count == count)

    // A second table, in which each packet is timed.
    var other = NATTable(.portRestrictedCone, external: addresses)
    for number in 0..<count {
      let packet = Packet(from: inside(number), to: server)
      let start = processorTime()
      if case .forward(let sent) = other.outbound(packet, at: .zero) {
        sink &+= UInt64(sent.source.port)
      }
      slowest = max(slowest, processorTime() - start)
    }

    var map = FlatMap(capacity: count)
    for number in 0..<count { map.insert(inside(number), UInt32(number)) }
    // As many as the largest table has, so that the small ones are not measured cold.
    let rounds = max(1, 1_000_000 / count)
    let probe = time(count, rounds: rounds) {
      for key in order { sink &+= UInt64(map.find(key) ?? 0) }
    }
    let hit = time(count, rounds: rounds) {
      for key in order {
        if case .forward(let sent) = nat.outbound(Packet(from: key, to: server), at: .zero) {
          sink &+= UInt64(sent.source.port)
        }
      }
    }
    let shuffled = outsides.shuffled(using: &random)
    let back = time(count, rounds: rounds) {
      for outside in shuffled {
        if case .forward(let packet) = nat.inbound(Packet(from: server, to: outside), at: .zero) {
          sink &+= UInt64(packet.destination.port)
        }
      }
    }
    let miss = time(count, rounds: rounds) {
      for outside in shuffled {
        let packet = Packet(from: stranger, to: outside)
        if case .drop = nat.inbound(packet, at: .zero) { sink &+= 1 }
      }
    }
    let expiry = time(count) { sink &+= UInt64(nat.expire(at: .seconds(1000))) }
    row("hit, outbound", count, hit, probe)
    row("hit, inbound", count, back, probe)
    row("miss, filtered", count, miss, probe)
    row("new mapping", count, made, 0)
    row("expiry", count, expiry, 0)
    print("slowest new mapping, µs\t\(count)\t\(Double(slowest) / 1000)\t0")
    print("bytes a mapping\t\(count)\t\(bytes)\t0")
  }

  static func row(_ work: String, _ count: Int, _ ours: Double, _ theirs: Double) {
    print("\(work)\t\(count)\t\(ours)\t\(theirs)")
  }

  /// Nanoseconds for each of `count` rounds.
  static func time(_ count: Int, rounds: Int = 1, _ body: () -> Void) -> Double {
    let start = processorTime()
    for _ in 0..<rounds { body() }
    return Double(processorTime() - start) / Double(count * rounds)
  }

  /// What this thread has had of a processor, in nanoseconds: others' turns are not the table's.
  static func processorTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// The memory that the process has in use, by /proc/self/statm.
  static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, file) != nil else { return 0 }
    let fields = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self
    )
    .split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4096
  }
}

struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
