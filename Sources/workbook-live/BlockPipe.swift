/// What goes over the connection: blocks of bytes, each a datagram with one byte before it.
///
/// ```
///  192  data       what the other side has read
///  193  end        the other side has nothing more to send; again every 250 ms until
///  194  end heard  answers it
///  195  bye        the other side has left
/// ```
/// The first byte keeps the datagrams apart from STUN, DTLS, TURN and RTP (RFC 7983 §7). Nothing is
/// numbered and nothing sent again but the end.
struct BlockPipe {
  /// The longest block, with which a datagram fits every path (RFC 8085 §3.2).
  static let blockLimit = 1200
  /// How often a block may be read: 1.2 MB a second, as there is no flow control.
  static let pause: Duration = .milliseconds(1)
  /// How often the end is said again.
  static let endInterval: Duration = .milliseconds(250)
  /// How often it is said at most.
  static let endLimit = 20

  /// A datagram from the other side.
  enum Block {
    case data(ArraySlice<UInt8>)
    case end
    case endHeard
    case bye

    init?(_ datagram: [UInt8]) {
      switch datagram.first {
      case 192: self = .data(datagram.dropFirst())
      case 193: self = .end
      case 194: self = .endHeard
      case 195: self = .bye
      default: return nil
      }
    }

    var datagram: [UInt8] {
      switch self {
      case .data(let bytes): [192] + bytes
      case .end: [193]
      case .endHeard: [194]
      case .bye: [195]
      }
    }
  }

  /// How often this side has said that it has nothing more to send; nil while it may have.
  var endCount: Int?
  /// Whether the other side has heard that.
  var isEndHeard = false
  /// Whether the other side has nothing more to send.
  var hasOtherEnded = false

  /// Whether both sides have nothing more to send, and this one need not say so again.
  var isOver: Bool {
    guard let endCount, hasOtherEnded else { return false }
    return isEndHeard || endCount >= Self.endLimit
  }
}
