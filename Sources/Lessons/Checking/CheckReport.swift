import FoundationEssentials

/// What one check of an exercise found.
public struct CheckResult: Codable, Hashable, Sendable {
  public enum State: String, Codable, Sendable {
    case passed, failed
    /// The run ended before this check did.
    case unfinished
    case notRun
  }

  /// The sentence that the check is named by.
  public var name: String
  public var state: State
  public var failures: [Failure]

  /// One expectation that did not hold.
  public struct Failure: Codable, Hashable, Sendable {
    /// The arguments of a check that runs over several cases.
    public var arguments: String?
    /// What the test library says, such as `(mapped → nil) == (expected → 40000)`.
    public var message: String
    /// What it means, in the words of whoever wrote the check.
    public var comments: [String]
  }
}

/// The test library's event stream, read back into results.
///
/// A check counts as passed only where the stream says so, and the stream itself must be whole: code
/// that ends the process early leaves neither.
struct CheckReport {
  var results: [CheckResult] = []
  var isWhole = false

  init(eventStream: [UInt8]) {
    var names: [String: Int] = [:]
    for line in eventStream.split(separator: UInt8(ascii: "\n")) {
      // A line cut off by the end of the process is no JSON; what went before it still counts.
      guard let record = try? JSONDecoder().decode(Record.self, from: Data(line)) else { continue }
      let payload = record.payload
      if record.kind == "test", payload.kind == "function", let id = payload.id {
        names[id] = results.count
        results.append(
          CheckResult(
            name: payload.displayName ?? payload.name ?? id, state: .notRun, failures: []))
      }
      if payload.kind == "runEnded" { isWhole = true }
      guard record.kind == "event", let id = payload.testID, let index = names[id] else { continue }
      switch payload.kind {
      case "testStarted": results[index].state = .unfinished
      case "issueRecorded": results[index].failures.append(payload.failure)
      case "testEnded":
        let failed = payload.messages?.contains { $0.symbol == "fail" } ?? true
        results[index].state = failed || !results[index].failures.isEmpty ? .failed : .passed
      default: break
      }
    }
  }

  private struct Record: Decodable {
    var kind: String
    var payload: Payload
  }

  private struct Payload: Decodable {
    var kind: String
    var id: String?
    var name: String?
    var displayName: String?
    var testID: String?
    var messages: [Message]?
    var _testCase: TestCase?

    struct Message: Decodable {
      var symbol: String
      var text: String
    }

    struct TestCase: Decodable {
      var displayName: String
    }

    var failure: CheckResult.Failure {
      let messages = messages ?? []
      var text = messages.first?.text ?? ""
      let prefix = "Expectation failed: "
      if text.hasPrefix(prefix) { text = String(text.dropFirst(prefix.count)) }
      return CheckResult.Failure(
        arguments: _testCase?.displayName, message: text,
        comments: messages.dropFirst().map(\.text))
    }
  }
}
