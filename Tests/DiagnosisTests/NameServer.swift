import Foundation
import Sockets
import Synchronization
import TransportAddress

/// A name server on the loopback interface that knows a few records, and answers until it is gone.
///
/// It is for tests: it reads what the C library asks, one question without compression (RFC 1035 §4).
final class NameServer: Sendable {
  /// The data of a record.
  enum Data: Sendable {
    case a(IPv4Address)
    case aaaa(IPv6Address)
    case srv(UInt16, UInt16, UInt16, String)
    case naptr(UInt16, UInt16, String, String, String, String)
    /// Bytes that are no such record, with a type.
    case raw(UInt16, [UInt8])
  }

  /// What a name has that exists; others get NXDOMAIN.
  typealias Zone = [String: [Data]]

  let address: TransportAddress
  private let isOver = Atomic(false)
  private let done = DispatchSemaphore(value: 0)
  /// The questions that came, as `33 _turn._udp.example.org`.
  let questions = Mutex<[String]>([])

  /// - Parameter failureCode: what every question is answered with instead, such as 2 for a server that
  ///   fails.
  init(_ zone: Zone, failureCode: UInt8? = nil) throws {
    let socket = try UDPSocket(boundTo: "127.0.0.1:0")
    address = socket.localAddress
    Thread { [self] in
      serve(zone, at: socket, failureCode: failureCode)
      done.signal()
    }.start()
  }

  private func serve(_ zone: Zone, at socket: UDPSocket, failureCode: UInt8?) {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      while !isOver.load(ordering: .relaxed) {
        guard let arrival = try? socket.receive(into: buffer) else {
          usleep(500)
          continue
        }
        let query = Array(buffer[..<arrival.count])
        guard let (name, type, end) = Self.question(in: query) else { continue }
        questions.withLock { $0.append("\(type) \(name)") }
        let answer = Self.answer(
          to: query[..<end], zone[name.lowercased()], type, failureCode: failureCode)
        _ = try? socket.respond(answer.span, to: arrival)
      }
    }
  }

  func stop() {
    isOver.store(true, ordering: .relaxed)
    done.wait()
  }

  private static func question(in query: [UInt8]) -> (name: String, type: UInt16, end: Int)? {
    var labels: [String] = []
    var at = 12
    while at < query.count, query[at] > 0 {
      guard at + 1 + Int(query[at]) < query.count else { return nil }
      labels.append(String(decoding: query[(at + 1)...(at + Int(query[at]))], as: UTF8.self))
      at += 1 + Int(query[at])
    }
    guard at + 5 <= query.count else { return nil }
    return (
      labels.joined(separator: "."), UInt16(query[at + 1]) << 8 | UInt16(query[at + 2]), at + 5
    )
  }

  private static func answer(
    to question: ArraySlice<UInt8>, _ records: [Data]?, _ type: UInt16, failureCode: UInt8?
  ) -> [UInt8] {
    let matching = failureCode == nil ? (records ?? []).filter { $0.type == type } : []
    var answer = Array(question)
    // A response, with recursion available; no such name is 3.
    answer[2] = 0x81
    answer[3] = 0x80 | (failureCode ?? (records == nil ? 3 : 0))
    answer.replaceSubrange(6..<12, with: [0, UInt8(matching.count), 0, 0, 0, 0])
    for record in matching {
      // The name is the question's.
      answer += [0xC0, 12] + record.type.bytes + [0, 1, 0, 0, 0, 60]
      answer += UInt16(record.bytes.count).bytes + record.bytes
    }
    return answer
  }
}

extension NameServer.Data {
  var type: UInt16 {
    switch self {
    case .a: 1
    case .aaaa: 28
    case .srv: 33
    case .naptr: 35
    case .raw(let type, _): type
    }
  }

  var bytes: [UInt8] {
    switch self {
    case .a(let address):
      return UInt16(address.rawValue >> 16).bytes + UInt16(address.rawValue & 0xFFFF).bytes
    case .aaaa(let address):
      return [address.high, address.low].flatMap { word in
        withUnsafeBytes(of: word.bigEndian) { Array($0) }
      }
    case .srv(let priority, let weight, let port, let target):
      return priority.bytes + weight.bytes + port.bytes + Self.name(target)
    case .naptr(let order, let preference, let flags, let services, let expression, let next):
      return order.bytes + preference.bytes
        + [flags, services, expression].flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        + Self.name(next)
    case .raw(_, let bytes): return bytes
    }
  }

  private static func name(_ name: String) -> [UInt8] {
    name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }
}

extension UInt16 {
  fileprivate var bytes: [UInt8] { [UInt8(self >> 8), UInt8(self & 0xFF)] }
}
