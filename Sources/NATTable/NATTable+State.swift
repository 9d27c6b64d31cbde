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
    var fixed: [Slot] = []
    var oneToOne = AddressPairs()
    var unsolicited = ExpiringTable<UnsolicitedSYN>()
    var routerFlows = ExpiringTable<RouterFlow>()
    var actions = ActionQueue<Action>()
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
      // The process's own seed, as in a Dictionary, so that nobody can send keys that collide. It
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
      for place in ports.indices { ports[place].makeUnique() }
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
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.entries) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.entries) }
  }

  var sessions: ExpiringTable<SessionEntry> {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.sessions) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.sessions) }
  }

  var hosts: ExpiringTable<HostEntry> {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.hosts) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.hosts) }
  }

  var pool: AddressPool {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.pool) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.pool) }
  }

  var ports: [PortTable] {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.ports) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.ports) }
  }

  var blocks: [BlockTable] {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.blocks) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.blocks) }
  }

  var outsides: SlotIndex {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.outsides) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.outsides) }
  }

  var sources: SlotIndex {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.sources) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.sources) }
  }

  var fixed: [Slot] {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.fixed) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.fixed) }
  }

  var oneToOne: AddressPairs {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.oneToOne) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.oneToOne) }
  }

  var unsolicited: ExpiringTable<UnsolicitedSYN> {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.unsolicited) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.unsolicited) }
  }

  var routerFlows: ExpiringTable<RouterFlow> {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.routerFlows) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.routerFlows) }
  }

  var actions: ActionQueue<Action> {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.actions) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.actions) }
  }

  var answerCount: Int {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.answerCount) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.answerCount) }
  }

  var fragments: FragmentTable {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.fragments) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.fragments) }
  }

  var random: SeededGenerator {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.random) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.random) }
  }

  var identifications: IdentificationGenerator {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.identifications) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: &state.pointee.identifications) }
  }

  /// How the NAT behaves.
  public var configuration: Configuration {
    @inline(__always) unsafeAddress { pointer(to: &state.pointee.configuration) }
  }

  var seed: UInt64 { state.pointee.seed }
  var seeds: HashSeeds { state.pointee.seeds }
  var mappingMask: RemoteMask { state.pointee.mappingMask }
  var filterMask: RemoteMask { state.pointee.filterMask }
}

// The state does not move: a part's address holds as long as the state does.
@inline(__always)
func pointer<Part>(to part: inout Part) -> UnsafePointer<Part> {
  withUnsafePointer(to: &part) { $0 }
}

@inline(__always)
func mutablePointer<Part>(to part: inout Part) -> UnsafeMutablePointer<Part> {
  withUnsafeMutablePointer(to: &part) { $0 }
}
