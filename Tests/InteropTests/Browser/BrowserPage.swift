import FoundationEssentials
import Glibc
import TestSupport

/// An empty page in a browser, that runs what it is told.
protocol ScriptedPage: AnyObject {
  /// Runs statements as the console would take them: what they declare at the line's beginning stays
  /// known.
  ///
  /// - Throws: what the page throws, and where it has not come to an end in time.
  func run(_ statements: String) throws

  /// The value of an expression, which may begin with `await`.
  func value(_ expression: String, seconds: Int) throws -> JSONValue
}

extension ScriptedPage {
  /// The value of an expression that takes less than half a minute.
  func value(_ expression: String) throws -> JSONValue { try value(expression, seconds: 30) }
}

/// An empty page in headless Chromium, in a network of the test's, that runs what it is told.
///
/// Chromium reads commands from one pipe and answers by another, each message JSON with a NUL behind
/// it (`--remote-debugging-pipe`). The pipes are files, as the browser is started from a shell in
/// another network. Where the test dies, the end of its pipe ends the browser.
final class BrowserPage: ScriptedPage {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// It is there for as long as the browser is.
  private let network: TestNetwork
  private let folder: Folder
  private var browser: BackgroundProgram?
  private let commands: Int32
  private let answers: Int32
  private var session: String?
  private var buffer: [UInt8] = []
  private var count = 0

  /// Starts a browser with a profile of its own.
  ///
  /// - Parameters:
  ///   - options: further options of Chromium's.
  ///   - hidesAddresses: whether host candidates have names of mDNS, as in a browser at home.
  init(in network: TestNetwork, options: [String] = [], hidesAddresses: Bool = false) throws {
    self.network = network
    folder = try Folder()
    let path = folder.path
    for name in ["commands", "answers"] where mkfifo("\(path)/\(name)", 0o600) != 0 {
      throw Failure(description: "no pipe")
    }
    // A shell that opens one end of a pipe waits for the other.
    commands = open("\(path)/commands", O_RDWR | O_CLOEXEC)
    answers = open("\(path)/answers", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    let flags =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-breakpad", "--remote-debugging-pipe",
        "--user-data-dir=\(path)/profile",
      ] + (hidesAddresses ? [] : ["--disable-features=WebRtcHideLocalIpsWithMdns"]) + options
    browser = try network.start(
      """
      export HOME=\(path)
      exec chromium \(flags.joined(separator: " ")) about:blank 3<\(path)/commands 4>\(path)/answers
      """, output: path + "/log")
    let target = try call("Target.createTarget") { $0.url = "about:blank" }["targetId"]
    session = try call("Target.attachToTarget") {
      $0.targetId = target?.text
      $0.flatten = true
    }["sessionId"]?.text
    guard session != nil else { throw Failure(description: "no page: \(log)") }
  }

  deinit {
    // It ends its processes itself, and is not waited for longer than they should need.
    if session != nil {
      // The browser itself is told, and not its page.
      session = nil
      _ = try? call("Browser.close", seconds: 10) { _ in }
    }
    while (try? message(before: .now.advanced(by: .seconds(10)))) != nil {}
    browser?.stop(SIGKILL)
    close(commands)
    close(answers)
    // Its last process may still write something.
    try? waitFor("the end of the profile") {
      folder.remove()
      return access(folder.path, F_OK) != 0
    }
  }

  /// What the browser has printed.
  var log: String { (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? "" }

  // MARK: - JavaScript

  func run(_ statements: String) throws { _ = try value(statements, seconds: 30) }

  /// Chromium takes statements, too: their value is that of the last expression.
  func value(_ script: String, seconds: Int) throws -> JSONValue {
    let reply = try call("Runtime.evaluate", seconds: seconds) {
      $0.expression = script
      ($0.awaitPromise, $0.returnByValue, $0.replMode) = (true, true, true)
    }
    if let exception = reply["exceptionDetails"] {
      let text = exception["exception"]?["description"]?.text
      throw Failure(description: text ?? "\(exception)")
    }
    return reply["result"]?["value"] ?? .null
  }

  /// A text as JavaScript writes it.
  static func literal(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }

  // MARK: - The pipes

  private struct Command: Encodable {
    var id: Int
    var method: String
    var sessionId: String?
    var params = Parameters()

    struct Parameters: Encodable {
      var url: String?
      var targetId: String?
      var flatten: Bool?
      var expression: String?
      var awaitPromise: Bool?
      var returnByValue: Bool?
      var replMode: Bool?
    }
  }

  /// Gives a command, and waits for its result; events that come meanwhile are passed over.
  private func call(
    _ method: String, seconds: Int = 60, _ fill: (inout Command.Parameters) -> Void
  ) throws -> JSONValue {
    count += 1
    var command = Command(id: count, method: method, sessionId: session)
    fill(&command.params)
    var bytes = [UInt8](try JSONEncoder().encode(command)) + [0]
    while !bytes.isEmpty {
      let written = write(commands, bytes, bytes.count)
      guard written > 0 else { throw Failure(description: "the browser takes no command") }
      bytes.removeFirst(written)
    }
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    while true {
      guard let reply = try message(before: end) else {
        throw Failure(description: "waited in vain for \(method)\n\(log)")
      }
      guard reply["id"] == .number(Double(count)) else { continue }
      if let error = reply["error"] { throw Failure(description: "\(method): \(error)") }
      return reply["result"] ?? .null
    }
  }

  /// The next message; nil if none comes in time.
  ///
  /// - Throws: where the browser has ended.
  private func message(before end: ContinuousClock.Instant) throws -> JSONValue? {
    while true {
      if let last = buffer.firstIndex(of: 0) {
        let text = String(decoding: buffer[..<last], as: UTF8.self)
        buffer.removeFirst(last + 1)
        return try JSONValue(text)
      }
      guard ContinuousClock.now < end else { return nil }
      var descriptor = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
      poll(&descriptor, 1, 100)
      if descriptor.revents & Int16(POLLIN) != 0 {
        var part = [UInt8](repeating: 0, count: 1 << 16)
        let length = read(answers, &part, part.count)
        if length > 0 { buffer += part[..<length] }
      } else if descriptor.revents & Int16(POLLHUP) != 0 {
        throw Failure(description: "the browser has ended\n\(log)")
      }
    }
  }
}

extension JSONValue {
  /// The text; nil if this is none.
  var text: String? { if case .string(let text) = self { text } else { nil } }
}
