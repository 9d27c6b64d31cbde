import IPPacket
import SansIO
import TransportAddress

extension NATTable {
  /// All that a table knows.
  ///
  /// It stands behind a pointer: a value of fifteen hundred bytes would be copied by the compiler
  /// whenever one step of a packet's way calls the next. That this is safe:
  /// - `Owner` frees it when the last copy of the table is gone.
  /// - Whatever changes it calls `makeUnique` first, so that what copies share is never written.
  /// - No pointer into it outlives the statement that it was made for.
  struct State {
    fileprivate(set) var configuration: Configuration
    var time: Instant = .zero
    var entries = ExpiringTable<MappingEntry>(isQuick: true)
    var sessions = ExpiringTable<SessionEntry>()
    var hosts = ExpiringTable<HostEntry>()
    var pool: AddressPool
    /// Three for each external address, see `PortTable.kind`.
    var ports: [PortTable]
    /// One for each external address, if hosts have blocks.
    var blocks: [BlockTable] = []
    /// Where ports are shared: mappings by outside endpoint and remote, and by inside endpoint.
    var outsides = SlotIndex()
    var sources = SlotIndex()
    var staticSlots: [Slot] = []
    var oneToOne = AddressPairs()
    var unsolicited = ExpiringTable<UnsolicitedSYN>()
    var routerFlows = ExpiringTable<RouterFlow>()
    var actions = ActionQueue<Action>()
    /// Mappings that have ended, if they are kept.
    var endedMappings: [Mapping]?
    /// How many of the actions send an answer.
    var answerCount = 0
    var fragments: FragmentTable
    var random: SeededGenerator
    var identifications: IdentificationGenerator
    let seed: UInt64
    let seeds: HashSeeds
    /// What mappings are told apart by.
    let mappingMask: RemoteMask
    /// Who may send to a mapping: those that agree with one that it has a session with.
    let filterMask: RemoteMask
    let lifetimes: Lifetimes

    init(_ configuration: Configuration, _ external: [IPAddress], randomSeed: UInt64) {
      self.configuration = configuration
      // The process's own seed, as in a Dictionary, so that no sender can make keys collide. It
      // decides where entries stand, never what becomes of a packet.
      seed = UInt64(truncatingIfNeeded: Hasher().finalize())
      seeds = HashSeeds(seed)
      mappingMask = RemoteMask(configuration.mapping)
      filterMask = RemoteMask(configuration.filtering)
      fragments = FragmentTable(seed: seed, limit: configuration.fragmentedDatagrams)
      pool = AddressPool(external)
      ports = (0..<3 * pool.addresses.count).map { _ in PortTable() }
      if case .dynamic(let size, _) = configuration.portBlocks {
        let table = BlockTable(range: configuration.ports, size: size)
        blocks = Array(repeating: table, count: pool.addresses.count)
      }
      random = SeededGenerator(seed: randomSeed)
      identifications = IdentificationGenerator(seed: randomSeed)
      lifetimes = Lifetimes(configuration)
    }

    /// Gives the tables memory of their own, see ``Slab``.
    mutating func makeUnique() {
      entries.makeUnique()
      sessions.makeUnique()
      hosts.makeUnique()
      unsolicited.makeUnique()
      routerFlows.makeUnique()
      fragments.makeUnique()
      outsides.makeUnique()
      sources.makeUnique()
      for table in ports.indices { ports[table].makeUnique() }
    }
  }

  /// Holds a state, and frees it at the end.
  final class Owner {
    let state: UnsafeMutablePointer<State>

    init(_ value: consuming State) {
      state = .allocate(capacity: 1)
      state.initialize(to: value)
    }

    deinit {
      state.deinitialize(count: 1)
      state.deallocate()
    }
  }
}

/// The parts of the state, in place.
extension NATTable {
  var entries: ExpiringTable<MappingEntry> {
    @inline(__always) unsafeAddress { address(of: \.entries) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.entries) }
  }

  var sessions: ExpiringTable<SessionEntry> {
    @inline(__always) unsafeAddress { address(of: \.sessions) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.sessions) }
  }

  var hosts: ExpiringTable<HostEntry> {
    @inline(__always) unsafeAddress { address(of: \.hosts) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.hosts) }
  }

  var pool: AddressPool {
    @inline(__always) unsafeAddress { address(of: \.pool) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.pool) }
  }

  var ports: [PortTable] {
    @inline(__always) unsafeAddress { address(of: \.ports) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.ports) }
  }

  var blocks: [BlockTable] {
    @inline(__always) unsafeAddress { address(of: \.blocks) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.blocks) }
  }

  var outsides: SlotIndex {
    @inline(__always) unsafeAddress { address(of: \.outsides) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.outsides) }
  }

  var sources: SlotIndex {
    @inline(__always) unsafeAddress { address(of: \.sources) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.sources) }
  }

  var staticSlots: [Slot] {
    @inline(__always) unsafeAddress { address(of: \.staticSlots) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.staticSlots) }
  }

  var oneToOne: AddressPairs {
    @inline(__always) unsafeAddress { address(of: \.oneToOne) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.oneToOne) }
  }

  var unsolicited: ExpiringTable<UnsolicitedSYN> {
    @inline(__always) unsafeAddress { address(of: \.unsolicited) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.unsolicited) }
  }

  var routerFlows: ExpiringTable<RouterFlow> {
    @inline(__always) unsafeAddress { address(of: \.routerFlows) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.routerFlows) }
  }

  var endedMappings: [Mapping]? {
    @inline(__always) unsafeAddress { address(of: \.endedMappings) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.endedMappings) }
  }

  var actions: ActionQueue<Action> {
    @inline(__always) unsafeAddress { address(of: \.actions) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.actions) }
  }

  var answerCount: Int {
    @inline(__always) unsafeAddress { address(of: \.answerCount) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.answerCount) }
  }

  var fragments: FragmentTable {
    @inline(__always) unsafeAddress { address(of: \.fragments) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.fragments) }
  }

  var random: SeededGenerator {
    @inline(__always) unsafeAddress { address(of: \.random) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.random) }
  }

  var identifications: IdentificationGenerator {
    @inline(__always) unsafeAddress { address(of: \.identifications) }
    @inline(__always) unsafeMutableAddress { mutableAddress(of: \.identifications) }
  }

  /// How the NAT behaves.
  public var configuration: Configuration {
    @inline(__always) unsafeAddress { address(of: \.configuration) }
  }

  var seed: UInt64 { state.pointee.seed }
  var seeds: HashSeeds { state.pointee.seeds }
  var mappingMask: RemoteMask { state.pointee.mappingMask }
  var filterMask: RemoteMask { state.pointee.filterMask }
}

extension NATTable {
  // The parts are stored in the state itself, so that each has an address (SE-0334); the optimizer
  // makes a constant offset of the key path. The state does not move as long as it lives.

  @inline(__always)
  private func address<Part>(of part: WritableKeyPath<State, Part>) -> UnsafePointer<Part> {
    UnsafePointer(mutableAddress(of: part))
  }

  @inline(__always)
  private func mutableAddress<Part>(
    of part: WritableKeyPath<State, Part>
  ) -> UnsafeMutablePointer<Part> {
    state.pointer(to: part).unsafelyUnwrapped
  }
}
