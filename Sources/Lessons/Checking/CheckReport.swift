import FoundationEssentials

/// The result of one check of an exercise.
public struct CheckResult: Codable, Hashable, Sendable {
  /// The state of a check after a run.
  public enum State: String, Codable, Sendable {
    case passed, failed
    /// The run ended before this check finished.
    case unfinished
    /// The run ended before this check started.
    case notRun
  }

  /// The display name of the check: a sentence that says what should hold.
  public var name: String
  /// The state of the check.
  public var state: State
  /// The expectations that did not hold.
  public var failures: [Failure]

  /// One expectation that did not hold.
  public struct Failure: Codable, Hashable, Sendable {
    /// The arguments of the case; nil for a check without arguments.
    public var arguments: String?
    /// The message of Swift Testing, such as `(mapped → nil) == (expected → 40000)`.
    public var message: String
    /// The comments that the author of the check gave the expectation.
    public var comments: [String]
  }
}

/// The results in an event stream of Swift Testing.
///
/// A check counts as passed only if the stream says so and the stream is complete: code that exits
/// early produces neither.
struct CheckReport {
  var results: [CheckResult] = []
  var isWhole = false

  init(eventStream: [UInt8]) {
    var names: [String: Int] = [:]
    for line in eventStream.split(separator: UInt8(ascii: "\n")) {
      // A line that is truncated by the end of the process is not JSON; earlier lines still count.
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
        // What Swift Testing adds of its own, such as `inserted [100]`, has another symbol.
        comments: messages.dropFirst().filter { $0.symbol == "details" }.map(\.text))
    }
  }
}
