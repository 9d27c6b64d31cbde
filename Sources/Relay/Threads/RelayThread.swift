internal import Glibc
internal import STUN
internal import Sockets
internal import Synchronization
internal import TLS
internal import TURN
internal import TransportAddress

/// A thread with its server, which others tell what to do.
///
///     not started ─▶ serving ─drain─▶ draining ─▶ drained ─end─▶ ended
///                       └───────────────┴──end, or failed────────▲
///
/// A drained one goes on serving: with its sockets closed, the kernel would give the 5-tuples of the
/// other threads' clients to other sockets.
final class RelayThread: @unchecked Sendable {
  /// What a thread is to do.
  enum Order: Sendable {
    case reconfigure(TURNServer.Configuration, Authenticator)
    case renew(TLSContext)
    case alternateServer(TransportAddress?)
    case drain(for: Duration)
    /// Serve a client whose connection another thread has taken.
    case serve(StreamSocket, TLSContext?)
    case end
  }

  /// What is known about it.
  struct Condition: Sendable {
    /// Its last figures.
    var figures = RelayFigures()
    var isDrained = false
    var failure: SocketError?
    /// The number of orders that it has obeyed; none is left when it has ended.
    var obeyed = 0
  }

  private struct Orders {
    var due: [Order] = []
    var count = 0
  }

  /// The thread's alone once it is started.
  private var server: RelayServer?
  private let orders = Mutex(Orders())
  private let wakeup: Wakeup
  private let state = Mutex(Condition())
  private let owner: Wakeup
  private var thread: pthread_t?

  /// - Parameters:
  ///   - server: one whose stop descriptor is that of `wakeup`.
  ///   - owner: is raised whenever the condition changes, but for figures.
  init(_ server: consuming RelayServer, _ wakeup: Wakeup, owner: Wakeup) {
    self.server = consume server
    (self.wakeup, self.owner) = (wakeup, owner)
  }

  var condition: Condition { state.withLock { $0 } }

  /// - Returns: how many it will have obeyed then.
  @discardableResult
  func tell(_ order: Order) -> Int {
    defer { wakeup.raise() }
    return orders.withLock { orders in
      orders.due.append(order)
      orders.count += 1
      return orders.count
    }
  }

  // MARK: - Its life

  /// - Throws: `SocketError` where the system has no thread.
  func start(_ report: @escaping (RelayServer.Report) -> Void) throws(SocketError) {
    let task = Task { self.run(report) }
    var started = pthread_t()
    let code = pthread_create(
      &started, nil,
      { context in
        if let context { Unmanaged<Task>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, Unmanaged.passRetained(task).toOpaque())
    guard code == 0 else { throw SocketError("start a thread", code: code) }
    thread = started
  }

  /// Waits for its end, which must have been ordered.
  func join() {
    guard let thread else { return }
    pthread_join(thread, nil)
    self.thread = nil
  }

  /// What the thread does.
  private final class Task {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  private func run(_ toOwner: (RelayServer.Report) -> Void) {
    guard var server = server.take() else { return }
    // Figures are kept here, for the sum of all threads.
    let report = { (report: RelayServer.Report) in
      if case .figures(let figures) = report { self.state.withLock { $0.figures = figures } }
      toOwner(report)
    }
    do throws(SocketError) {
      var isOver = false
      while !isOver {
        if try server.serve(report) == .drained {
          server.stayDrained()
          state.withLock { $0.isDrained = true }
          owner.raise()
          continue
        }
        wakeup.clear()
        let due = orders.withLock { orders in
          defer { orders.due = [] }
          return orders.due
        }
        for order in due { isOver = server.obey(order) || isOver }
        state.withLock { $0.obeyed += due.count }
        owner.raise()
      }
    } catch {
      state.withLock { $0.failure = error }
      owner.raise()
    }
    server.finish(report)
    let figures = server.figures
    state.withLock { ($0.figures, $0.obeyed) = (figures, .max) }
    owner.raise()
  }
}

extension RelayServer {
  /// - Returns: whether that was the last.
  fileprivate mutating func obey(_ order: RelayThread.Order) -> Bool {
    switch order {
    case .reconfigure(let configuration, let authenticator):
      reconfigure(configuration, authenticator: authenticator)
    case .renew(let context): renew(context)
    case .alternateServer(let address): alternateServer = address
    case .drain(let patience): drain(for: patience)
    case .serve(let socket, let context): serve(socket, context)
    case .end: return true
    }
    return false
  }
}
