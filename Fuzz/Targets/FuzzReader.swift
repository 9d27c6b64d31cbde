internal import NATTable
internal import SansIO
internal import TransportAddress

/// Takes choices from an input's bytes, one after the other; at their end there are zeros.
struct FuzzReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { offset >= bytes.count }

  mutating func byte() -> UInt8 {
    guard offset < bytes.count else { return 0 }
    offset += 1
    return bytes[offset - 1]
  }

  mutating func word() -> UInt16 {
    UInt16(byte()) << 8 | UInt16(byte())
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in byte() }
  }

  mutating func one<Element>(of choices: [Element]) -> Element {
    choices[Int(byte()) % choices.count]
  }

  mutating func bool() -> Bool { byte() & 1 == 1 }
}

/// What a NAT may have; made once, as reading addresses from their texts takes longer than a packet.
enum Choices {
  static let ports: [ClosedRange<UInt16>] = [
    1...65535, 1024...65535, 5000...5007, 1000...1100, 0...0,
  ]
  static let portBlocks: [PortBlocks] = [
    .none, .none, .dynamic(size: 4, perHost: 2), .dynamic(size: 1, perHost: 3),
    .deterministic(
      DeterministicPorts(inside: "10.0.0.0", prefixLength: 24, outside: ["203.0.113.7"])),
  ]
  static let external: [[IPAddress]] = [
    ["203.0.113.7", "2001:db8::7"], ["203.0.113.7", "203.0.113.8", "2001:db8::7"],
    ["203.0.113.7"],
  ]
  static let fixedMapping: (inside: TransportAddress, outside: TransportAddress) = (
    "10.0.0.2:80", "203.0.113.7:5001"
  )
  static let oneToOne: (inside: IPAddress, outside: IPAddress) = ("10.0.0.9", "203.0.113.99")
}

extension FuzzReader {
  /// How a NAT behaves: a preset, or any mixture.
  mutating func configuration() -> NATTable.Configuration {
    let presets = NATTable.Configuration.presets
    let choice = Int(byte()) % (2 * presets.count)
    var configuration =
      choice < presets.count
      ? presets[choice].configuration
      : NATTable.Configuration(
        mapping: one(of: EndpointDependence.allCases),
        filtering: one(of: EndpointDependence.allCases))
    guard choice >= presets.count || bool() else { return configuration }
    configuration.hairpinning = one(of: NATTable.Hairpinning.allCases)
    configuration.portAssignment = one(of: NATTable.PortAssignment.allCases)
    configuration.pooling = one(of: NATTable.AddressPooling.allCases)
    let switches = byte()
    configuration.portOverloading = switches & 1 != 0
    configuration.portParity = switches & 2 != 0
    configuration.inboundRefresh = switches & 4 != 0
    configuration.adoptsConnections = switches & 8 != 0
    configuration.portReuseDelay = switches & 16 != 0 ? .seconds(120) : .zero
    configuration.mappingsPerHost = switches & 32 != 0 ? 3 : nil
    configuration.fragmentedDatagrams = switches & 64 != 0 ? 2 : 256
    if switches & 128 != 0 { configuration.timeouts.unsolicitedSYN = nil }
    configuration.ports = one(of: Choices.ports)
    configuration.portBlocks = one(of: Choices.portBlocks)
    if case .dynamic(let size, let perHost) = configuration.portBlocks {
      // Some hundreds of blocks are as good as 65 535, each of which would take memory.
      let least = configuration.ports.count / 256
      configuration.portBlocks = .dynamic(size: max(size, least), perHost: perHost)
    }
    return configuration
  }

  /// A table with one or two addresses of each family, at times with configured mappings.
  mutating func table() -> NATTable {
    let configuration = configuration()
    var table = NATTable(
      configuration,
      external: one(of: Choices.external), randomSeed: UInt64(byte()))
    let extras = byte()
    let (port, address) = (Choices.fixedMapping, Choices.oneToOne)
    if extras & 1 != 0 { try? table.addStaticMapping(inside: port.inside, outside: port.outside) }
    if extras & 2 != 0 { try? table.addOneToOne(inside: address.inside, outside: address.outside) }
    return table
  }

  /// How long it is until something happens: mostly no time, at times long enough for timeouts.
  mutating func pause() -> Duration {
    switch byte() {
    case 0..<160: .zero
    case 160..<200: .milliseconds(Int(byte()) * 100)
    case 200..<240: .seconds(Int(byte()))
    case 240..<254: .seconds(Int(byte()) * 60)
    default: .seconds(1_000_000)
    }
  }
}
