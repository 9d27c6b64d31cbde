import Diagnosis
import Dispatch
import Foundation
import Sockets
import Testing
import TransportAddress

/// Servers at a TCP port that are no STUN servers.
@Suite(.timeLimit(.minutes(1))) struct StreamProbeTests {
  /// What somebody says at once, and what is concluded from it.
  static let strangers: [(said: [UInt8], cause: String)] = [
    // An alert: protocol version.
    ([0x15, 3, 3, 0, 2, 2, 70], "it is turns: or stuns: that it wants"),
    (Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), "another service has the port"),
    (Array("220 mail.example.org ESMTP\r\n".utf8), "another service has the port"),
    ([], "no STUN or TURN server"),
  ]

  @Test("What answers in another protocol is told by what it says", arguments: strangers)
  func stranger(said: [UInt8], cause: String) throws {
    let listener = try StreamListener(listeningAt: "127.0.0.1:0")
    let done = DispatchSemaphore(value: 0)
    Thread {
      var socket: StreamSocket?
      while socket == nil { socket = try? listener.accept() }
      _ = try? socket?.write(said.span.bytes)
      // The request is read, so that closing is no reset.
      withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
        while (try? socket?.read(into: buffer)) == .waiting {}
      }
      socket = nil
      done.signal()
    }.start()
    let gatherer = Gatherer(as: .anonymous, wallClock: 0)
    let port = listener.localAddress.port
    let log = Log()
    let uri = try ServerURI(parsing: "turn:127.0.0.1:\(port)?transport=tcp")
    #expect(try gatherer.run(uri) { log.steps.append($0) } == .fails)
    done.wait()
    #expect(log.steps.map(\.name) == [.connect, .binding])
    #expect(log.steps.last?.causes.first?.contains(cause) == true, "\(log.steps)")
  }

  private final class Log {
    var steps: [ProbeStep] = []
  }
}
