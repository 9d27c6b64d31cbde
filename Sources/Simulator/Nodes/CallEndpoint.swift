public import SansIO
public import TransportAddress

/// A call program: it says its words to the other side, or waits for the other's and answers them.
///
///     net.run(.call("Hello, Bob!", to: "203.0.113.20:5000"), on: alice)
///     net.run(.waiting(toSay: "Hello, Alice!"), on: bob)
public struct CallEndpoint: Endpoint {
  /// The UDP port that it sends from and waits at.
  public let port: UInt16
  /// What came, the earliest first.
  public private(set) var heard: [String] = []
  private let words: String
  /// The endpoints that it has sent its words to: each gets them once.
  private var told: Set<TransportAddress> = []
  private var actions = ActionQueue<EndpointAction>()

  /// A program with words to say.
  ///
  /// - Parameter peer: whom it calls; nil for a program that waits to be called.
  public init(_ words: String, to peer: TransportAddress? = nil, port: UInt16 = 5000) {
    self.words = words
    self.port = port
    if let peer { say(to: peer) }
  }

  /// The one port.
  public var ports: [UInt16] { [port] }

  /// Does nothing: its words are queued from the beginning.
  public mutating func started(
    at address: IPAddress, now: Instant, using generator: inout SeededGenerator
  ) {}

  /// Hears the other side, and answers it once.
  public mutating func received(
    _ payload: Span<UInt8>, from source: TransportAddress, to local: TransportAddress,
    at now: Instant, using generator: inout SeededGenerator
  ) {
    heard.append(String(decoding: Array(payload), as: UTF8.self))
    if !told.contains(source) { say(to: source) }
  }

  /// The next words to send.
  public mutating func nextAction() -> EndpointAction? { actions.next() }

  private mutating func say(to peer: TransportAddress) {
    told.insert(peer)
    actions.append(.send(Array(words.utf8), from: port, to: peer))
  }
}

extension Endpoint where Self == CallEndpoint {
  /// A program that calls from port 5000.
  public static func call(_ words: String, to peer: TransportAddress) -> Self {
    Self(words, to: peer)
  }

  /// A program that waits at a port, and answers who calls.
  public static func waiting(toSay words: String, at port: UInt16 = 5000) -> Self {
    Self(words, port: port)
  }
}
