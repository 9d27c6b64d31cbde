import FoundationEssentials
import Glibc
import TestSupport

/// An empty page in headless Firefox, in a network of the test's, that runs what it is told.
///
/// Firefox takes commands over TCP at port 2828 of the loopback interface, each JSON with its length
/// and a colon before it (the Marionette protocol).
final class FirefoxPage: ScriptedPage {
  /// It is there for as long as the browser is.
  private let network: TestNetwork
  private let folder: Folder
  private var browser: BackgroundProgram?
  private var connection: Int32 = -1
  private var buffer: [UInt8] = []
  private var count = 0

  /// Starts a browser with a profile of its own.
  ///
  /// - Parameters:
  ///   - relay: the address of every name that is looked up, whatever the certificate there; nil where
  ///     names and certificates are as they are.
  ///   - hidesAddresses: whether host candidates have names of mDNS, as in a browser at home.
  init(in network: TestNetwork, relay: String? = nil, hidesAddresses: Bool = false) throws {
    self.network = network
    folder = try Folder()
    let profile = folder.path + "/profile"
    guard mkdir(profile, 0o700) == 0 else { throw BrowserPage.Failure(description: "no profile") }
    let preferences = """
      user_pref("media.peerconnection.ice.obfuscate_host_addresses", \(hidesAddresses));
      user_pref("datareporting.policy.dataSubmissionEnabled", false);
      \(relay.map { "user_pref(\"network.dns.forceResolve\", \"\($0)\");" } ?? "")
      """
    try Data(preferences.utf8).write(to: URL(filePath: profile + "/user.js"))
    browser = try network.start(
      """
      export HOME=\(folder.path)
      exec firefox-esr --headless --no-remote --profile \(profile) --marionette about:blank
      """, output: folder.path + "/log")
    try waitFor("Firefox", seconds: 90, connect)
    // Its greeting.
    guard try message(before: .now.advanced(by: .seconds(90))) != nil else {
      throw BrowserPage.Failure(description: "Firefox says nothing\n\(log)")
    }
    // The session waits for a window, which takes long on a busy machine.
    try call(
      "WebDriver:NewSession", #"{"acceptInsecureCerts": \#(relay != nil)}"#, seconds: 120)
  }

  deinit {
    // It ends its processes itself, and is not waited for longer than they should need.
    if count > 0 { _ = try? call("Marionette:Quit", #"{"flags": ["eForceQuit"]}"#, seconds: 10) }
    while (try? message(before: .now.advanced(by: .seconds(10)))) != nil {}
    browser?.stop(SIGKILL)
    if connection >= 0 { close(connection) }
    // Its last process may still write something.
    try? waitFor("the end of the profile") {
      folder.remove()
      return access(folder.path, F_OK) != 0
    }
  }

  /// What the browser has printed.
  private var log: String {
    (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? ""
  }

  // MARK: - JavaScript

  func run(_ statements: String) throws {
    _ = try evaluate(Self.declaringGlobally(statements), seconds: 30)
  }

  func value(_ expression: String, seconds: Int) throws -> JSONValue {
    try evaluate("return (\(expression));", seconds: seconds)
  }

  /// Each script is a function of its own: what it declares at a line's beginning becomes the window's.
  private static func declaringGlobally(_ statements: String) -> String {
    statements.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.hasPrefix("const ") { return "window." + line.dropFirst("const ".count) }
      if line.hasPrefix("async function ") {
        let name = line.dropFirst("async function ".count).prefix { $0 != "(" }
        return "window.\(name) = \(line)"
      }
      return String(line)
    }.joined(separator: "\n")
  }

  /// Runs the body of a function, and gives what it returns.
  private func evaluate(_ body: String, seconds: Int) throws -> JSONValue {
    let script = """
      const done = arguments[0];
      (async () => {
      \(body)
      })().then((value) => done({ value }), (error) => done({ error: `${error} ${error.stack}` }));
      """
    try call("WebDriver:SetTimeouts", #"{"script": \#(seconds * 1000)}"#)
    let result = try call(
      "WebDriver:ExecuteAsyncScript",
      #"{"script": \#(try BrowserPage.literal(script)), "args": []}"#, seconds: seconds + 10)
    if let error = result["value"]?["error"]?.text { throw BrowserPage.Failure(description: error) }
    return result["value"]?["value"] ?? .null
  }

  // MARK: - The connection

  /// Connects to the browser, in its network.
  ///
  /// - Returns: whether it listens already.
  private func connect() throws -> Bool {
    try network.inside {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(2828).bigEndian
      address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
      let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard result == 0 else {
        close(descriptor)
        return false
      }
      connection = descriptor
      return true
    }
  }

  /// Gives a command, and waits for its result.
  @discardableResult
  private func call(
    _ name: String, _ parameters: String, seconds: Int = 60
  ) throws -> JSONValue {
    count += 1
    let text = #"[0, \#(count), "\#(name)", \#(parameters)]"#
    var bytes = Array("\(text.utf8.count):\(text)".utf8)
    while !bytes.isEmpty {
      let written = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      guard written > 0 else {
        throw BrowserPage.Failure(description: "Firefox takes no command\n\(log)")
      }
      bytes.removeFirst(written)
    }
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    while true {
      // A response: 1, the command's number, an error or null, the result.
      guard let reply = try message(before: end)?.elements else {
        throw BrowserPage.Failure(description: "waited in vain for \(name)\n\(log)")
      }
      guard reply.count == 4, reply[1] == .number(Double(count)) else { continue }
      guard reply[2] == .null else {
        throw BrowserPage.Failure(description: "\(name): \(reply[2])")
      }
      return reply[3]
    }
  }

  /// The next message; nil if none comes in time.
  ///
  /// - Throws: where the browser has ended.
  private func message(before end: ContinuousClock.Instant) throws -> JSONValue? {
    while true {
      if let colon = buffer.firstIndex(of: UInt8(ascii: ":")),
        let length = Int(String(decoding: buffer[..<colon], as: UTF8.self)),
        buffer.count - colon - 1 >= length
      {
        let text = String(decoding: buffer[(colon + 1)...].prefix(length), as: UTF8.self)
        buffer.removeFirst(colon + 1 + length)
        return try JSONValue(text)
      }
      guard ContinuousClock.now < end else { return nil }
      var descriptor = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
      guard poll(&descriptor, 1, 100) > 0 else { continue }
      var part = [UInt8](repeating: 0, count: 1 << 16)
      let length = recv(connection, &part, part.count, 0)
      guard length > 0 else {
        throw BrowserPage.Failure(description: "Firefox has ended\n\(log)")
      }
      buffer += part[..<length]
    }
  }
}
