import Connections
import Gathering
import Glibc
import ICE
import Sockets
import TransportAddress

/// A side of a meeting: it prints its description, reads the other's, and says when it was connected.
enum Side {
  private static let server: TransportAddress = "203.0.113.9:3478"

  static func run(isOffer: Bool, pacing: Duration) throws {
    var configuration = ICEConfiguration()
    configuration.pacing = pacing
    var live = try LiveConnection(
      role: isOffer ? .controlling : .controlled,
      addresses: candidateAddresses(of: try hostAddresses()), servers: .init(stun: [server]),
      configuration: configuration)
    var lines = LineReader()
    live.start()
    while true {
      switch try live.next(before: nil) {
      case .connection(.gatheringFinished):
        say("\(live.localDescription).")
        live.watch(STDIN_FILENO)
      case .connection(.selected): say("connected \(time())")
      case .readable:
        guard lines.read() else { return }
        guard lines.isComplete else { continue }
        say("given \(time())")
        live.unwatch(STDIN_FILENO)
        try live.receive(try ICEDescription(parsing: lines.text))
      default: break
      }
    }
  }

  private static func say(_ text: String) {
    print(text)
    fflush(nil)
  }

  /// Nanoseconds of CLOCK_MONOTONIC.
  private static func time() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// Standard input up to a line that is a dot.
private struct LineReader {
  private(set) var text = ""

  private(set) var isComplete = false

  /// Whether there was more to read.
  mutating func read() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
    guard count > 0 else { return false }
    text += String(decoding: buffer[..<count], as: UTF8.self)
    isComplete = text.hasSuffix("\n.\n")
    if isComplete { text.removeLast(2) }
    return true
  }
}
