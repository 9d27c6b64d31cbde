import Glibc
import Relay
import Sockets
import Synchronization
import TransportAddress

/// The figures that `serve` shows to Prometheus: left here by the thread that relays, read by another.
final class ServedMetrics: Sendable {
  private let board: Board
  private let listener: MetricsListener

  /// Listens from now on.
  ///
  /// - Throws: `SocketError` where the endpoint cannot be listened at.
  init(_ endpoint: TransportAddress) throws(SocketError) {
    let board = Board()
    self.board = board
    listener = try MetricsListener(listeningAt: endpoint) { board.text }
  }

  /// Where they can be read.
  var url: String { Self.url(at: listener.address) }

  /// Where they can be read if that endpoint is listened at.
  static func url(at endpoint: TransportAddress) -> String { "http://\(endpoint)/metrics" }

  /// Shows these figures from now on.
  func publish(_ figures: RelayFigures) { board.publish(figures) }

  /// Counts that the configuration was read anew.
  func hasReloaded(_ isTaken: Bool) { board.hasReloaded(isTaken) }
}

/// The last figures.
private final class Board: Sendable {
  private struct State {
    var figures = RelayFigures()
    var reloads = 0
    var refusedReloads = 0
  }

  private let state = Mutex(State())
  private let startTime = Int64(time(nil))

  func publish(_ figures: RelayFigures) { state.withLock { $0.figures = figures } }

  func hasReloaded(_ isTaken: Bool) {
    state.withLock { state in
      if isTaken { state.reloads += 1 } else { state.refusedReloads += 1 }
    }
  }

  /// The figures as Prometheus reads them; the text is made outside of the lock.
  var text: String {
    var (figures, reloads, refused) = state.withLock {
      ($0.figures, $0.reloads, $0.refusedReloads)
    }
    (figures.startTime, figures.reloads, figures.refusedReloads) = (startTime, reloads, refused)
    return figures.expositionText
  }
}
