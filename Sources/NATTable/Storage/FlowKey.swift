import TransportAddress

/// A protocol, an inside endpoint and a remote one of IPv4, in two words: few instructions hash and
/// compare them.
struct FlowKeyV4 {
  /// The inside endpoint's word; its lowest bits are the protocol and eight flags.
  fileprivate(set) var inside: UInt64
  /// The remote endpoint's word; its lowest 16 bits are the holder's own.
  fileprivate(set) var remote: UInt64

  @inline(__always)
  init(_ protocol: TransportProtocol, inside: PackedEndpoint, remote: PackedEndpoint) {
    self.inside = inside.word | UInt64(`protocol`.rawValue) << 8
    self.remote = remote.word
  }

  /// Nil if they are not both of IPv4.
  @inline(__always)
  init?(_ protocol: TransportProtocol, _ inside: TransportAddress, _ remote: TransportAddress) {
    guard likely(!inside.address.isV6), likely(!remote.address.isV6),
      case .v4(let source) = inside.address, case .v4(let destination) = remote.address
    else { return nil }
    self.init(
      `protocol`, inside: PackedEndpoint(source, port: inside.port),
      remote: PackedEndpoint(destination, port: remote.port))
  }

  @inline(__always)
  var `protocol`: TransportProtocol {
    TransportProtocol(rawValue: UInt8(truncatingIfNeeded: inside >> 8))
  }

  /// Whether all is the same but what the holder has put in.
  @inline(__always)
  func isSameFlow(as other: FlowKeyV4) -> Bool {
    likely(inside == other.inside) && likely((remote ^ other.remote) >> 16 == 0)
  }
}

/// A protocol, an inside endpoint and a remote one of either family, in 40 bytes.
struct FlowKey {
  /// Those of IPv4 differ in nothing else.
  private(set) var words: FlowKeyV4
  private var insideHigh: UInt64
  private var remoteHigh: UInt64
  private var insideMiddle: UInt32
  private var remoteMiddle: UInt32

  /// The family is IPv6.
  private static var v6Bit: UInt64 { 1 }
  /// The mapping was configured, so that it is for all remotes whatever others are for.
  private static var staticBit: UInt64 { 2 }

  @inline(__always)
  init(
    _ protocol: TransportProtocol, inside: PackedEndpoint, remote: PackedEndpoint,
    isStatic: Bool = false
  ) {
    words = FlowKeyV4(`protocol`, inside: inside, remote: remote)
    words.inside |= (inside.isV6 ? Self.v6Bit : 0) | (isStatic ? Self.staticBit : 0)
    insideHigh = inside.high
    remoteHigh = remote.high
    insideMiddle = inside.middle
    remoteMiddle = remote.middle
  }

  init(_ flow: FlowKeyV4) {
    words = flow
    (insideHigh, remoteHigh, insideMiddle, remoteMiddle) = (0, 0, 0, 0)
  }

  /// A flow of which the remote one is known as far as a scope tells; what it does not tell is 0.
  init(_ protocol: TransportProtocol, inside: TransportAddress, scope: RemoteScope) {
    let remote =
      switch scope {
      case .any: PackedEndpoint(IPv4Address(rawValue: 0), port: 0)
      case .address(let address): PackedEndpoint(TransportAddress(address, port: 0))
      case .endpoint(let endpoint): PackedEndpoint(endpoint)
      }
    self.init(`protocol`, inside: PackedEndpoint(inside), remote: remote)
  }

  /// The same flow as the key of a static mapping.
  var asStatic: FlowKey {
    var flow = self
    flow.words.inside |= Self.staticBit
    return flow
  }

  @inline(__always)
  var isV6: Bool { words.inside & Self.v6Bit != 0 }

  @inline(__always)
  var `protocol`: TransportProtocol { words.protocol }

  @inline(__always)
  var insideEndpoint: PackedEndpoint {
    PackedEndpoint(word: words.inside, high: insideHigh, middle: insideMiddle, isV6: isV6)
  }

  @inline(__always)
  var remoteEndpoint: PackedEndpoint {
    get { PackedEndpoint(word: words.remote, high: remoteHigh, middle: remoteMiddle, isV6: isV6) }
    set {
      words.remote = newValue.word | UInt64(spare)
      remoteHigh = newValue.high
      remoteMiddle = newValue.middle
    }
  }

  /// Whether the remote endpoint is this one, which must be of the same family.
  @inline(__always)
  func hasRemote(_ other: PackedEndpoint) -> Bool {
    if (words.remote ^ other.word) >> 16 != 0 { return false }
    return !other.isV6 || remoteHigh == other.high && remoteMiddle == other.middle
  }

  /// The 16 bits that the holder may use.
  @inline(__always)
  var spare: UInt16 {
    get { UInt16(truncatingIfNeeded: words.remote) }
    set { words.remote = words.remote & ~0xFFFF | UInt64(newValue) }
  }
}
