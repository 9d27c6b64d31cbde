internal import Glibc
internal import SansIO
public import Sockets
public import TransportAddress

/// Answers requests for metrics by HTTP, in a thread of its own.
///
/// What it shows comes from a closure: no request of a client reaches the thread that relays.
public final class MetricsListener: Sendable {
  /// Where it listens, with the port that the kernel chose.
  public let address: TransportAddress

  /// Listens from now on, until the stop descriptor is readable.
  ///
  /// - Parameters:
  ///   - text: gives the metrics; it is called in the listener's thread.
  ///   - stop: a descriptor that is readable once it is enough; nil as long as the process runs.
  /// - Throws: `SocketError` where the endpoint cannot be listened at.
  public init(
    listeningAt address: TransportAddress, stop: Int32? = nil,
    text: @escaping @Sendable () -> String
  ) throws(SocketError) {
    let listener = try StreamListener(listeningAt: address)
    self.address = listener.localAddress
    let task = Task {
      var server = MetricsServer(listener, stop: stop, text: text)
      server.run()
    }
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Task>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, Unmanaged.passRetained(task).toOpaque())
    guard code == 0 else { throw SocketError("start a thread for metrics", code: code) }
    pthread_detach(thread)
  }

  /// What the thread does.
  private final class Task {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
}

/// The listener's loop: a few connections at a time, each for one request and a few seconds.
private struct MetricsServer: ~Copyable {
  /// A connection, what has come on it, and until when it may take.
  private final class Scraper {
    let connection: StreamConnection
    let deadline: Instant
    var head: [UInt8] = []
    var isAnswered = false

    init(_ connection: StreamConnection, until deadline: Instant) {
      (self.connection, self.deadline) = (connection, deadline)
    }
  }

  private static var patience: Duration { .seconds(5) }
  private static var maximumCount: Int { 16 }

  private let text: () -> String
  private let listener: StreamListener
  private let listenerID: SocketID
  private var loop: SocketLoop
  private var scrapers: [SocketID: Scraper] = [:]
  private let memory = StreamMemory()
  /// Since no connection can be taken for want of a descriptor: when the next try is.
  private var resumption: Instant?

  init(_ listener: StreamListener, stop: Int32?, text: @escaping () -> String) {
    self.text = text
    self.listener = listener
    // Nothing comes by datagrams.
    loop = SocketLoop(stop: stop, capacity: 1)
    listenerID = loop.watch(listener)
  }

  mutating func run() {
    while true {
      let deadlines = scrapers.values.map(\.deadline) + (resumption.map { [$0] } ?? [])
      // Where the kernel refuses to wait, there are no metrics any more, and relaying goes on.
      guard let wake = try? loop.wait(before: deadlines.min()) else { return }
      switch wake {
      case .ready(let id, _) where id == listenerID: accept()
      case .ready(let id, let readiness): ready(id, readiness)
      case .event(.deadline): timerFired()
      case .event(.stopped): return
      case .event: break
      }
    }
  }

  private mutating func accept() {
    do throws(SocketError) {
      guard let socket = try listener.accept(), scrapers.count < Self.maximumCount else { return }
      let connection = StreamConnection(socket, isAccepted: true, session: nil, memory: memory)
      scrapers[loop.watch(socket, for: .readable)] = Scraper(
        connection, until: loop.now.advanced(by: Self.patience))
    } catch {
      loop.change(listenerID, to: [])
      resumption = loop.now.advanced(by: .seconds(1))
    }
  }

  private mutating func ready(_ id: SocketID, _ readiness: Readiness) {
    guard let scraper = scrapers[id] else { return }
    scraper.connection.ready(readiness) { bytes in
      guard !scraper.isAnswered else { return }
      bytes.withUnsafeBytes { scraper.head += $0 }
    }
    if !scraper.isAnswered {
      if let request = ScrapeRequest(scraper.head) {
        answer(scraper, request.response(text))
      } else if scraper.head.count > ScrapeRequest.maximumByteCount {
        answer(scraper, ScrapeRequest.tooLong)
      }
    }
    let isOver = if case .ended = scraper.connection.state { true } else { false }
    if isOver || scraper.isAnswered && scraper.connection.waitingByteCount == 0 { return end(id) }
    loop.change(id, to: scraper.connection.interest)
  }

  private func answer(_ scraper: Scraper, _ response: [UInt8]) {
    scraper.isAnswered = true
    scraper.head = []
    _ = scraper.connection.send(response.span.bytes, limit: .max)
  }

  private mutating func timerFired() {
    let now = loop.now
    for (id, scraper) in scrapers where scraper.deadline <= now { end(id) }
    if let due = resumption, due <= now {
      resumption = nil
      loop.change(listenerID, to: .readable)
    }
  }

  private mutating func end(_ id: SocketID) {
    loop.close(id)
    scrapers[id] = nil
  }
}
