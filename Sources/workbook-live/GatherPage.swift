import CommandOptions
import Diagnosis
import Terminal

/// What `gather` prints: a line for each step, the likely causes below those that fail, a verdict.
final class GatherPage {
  private let output: Writer
  private let isJSON: Bool
  private var servers: [GatheredServer] = []

  init(output: Writer, isJSON: Bool) {
    (self.output, self.isJSON) = (output, isJSON)
  }

  func begin(_ uri: ServerURI) {
    guard !isJSON else { return }
    output.line(StyledText(uri.text, .heading))
    output.flush()
  }

  func show(_ step: ProbeStep) {
    guard !isJSON else { return }
    output.lines(Self.lines(of: step))
    output.flush()
  }

  /// A step as lines.
  private static func lines(of step: ProbeStep) -> [StyledText] {
    let mark =
      switch step.outcome {
      case .passed: StyledText("ok   ", .success)
      case .failed: StyledText("FAIL ", .failure)
      case .skipped: StyledText("skip ", .muted)
      }
    let name = step.name.rawValue
    let padding = String(repeating: " ", count: max(1, 11 - name.count))
    let time = "\(step.milliseconds) ms"
    let space = String(repeating: " ", count: max(1, 9 - time.count))
    let line =
      StyledText("  ") + mark + StyledText("\(name)\(padding)\(time)\(space)\(step.finding)")
    return [line]
      + step.causes.enumerated().map { index, cause in
        StyledText(index == 0 ? "       likely: " : "       or:     ", .label) + StyledText(cause)
      }
  }

  func end(_ uri: ServerURI, _ steps: [ProbeStep], _ verdict: ServerVerdict) {
    servers.append(GatheredServer(server: uri.text, verdict: verdict.rawValue, steps: steps))
    guard !isJSON else { return }
    switch verdict {
    case .works: output.line(StyledText("  it works", .success))
    case .fails: output.line(StyledText("  it does not work", .failure))
    case .silent: output.line(StyledText("  it does not answer", .failure))
    }
    output.flush()
  }

  func finish() {
    if isJSON { output.jsonObject(GatheredServers(servers: servers)) }
    output.flush()
  }
}

/// The object that `gather --json` prints.
struct GatheredServers: Encodable {
  var servers: [GatheredServer]
}

/// What came of one server.
struct GatheredServer: Encodable {
  var server: String
  var verdict: String
  var steps: [GatheredStep]

  init(server: String, verdict: String, steps: [ProbeStep]) {
    (self.server, self.verdict) = (server, verdict)
    self.steps = steps.map {
      GatheredStep(
        step: $0.name.rawValue, outcome: $0.outcome.rawValue, milliseconds: $0.milliseconds,
        finding: $0.finding, causes: $0.causes)
    }
  }
}

struct GatheredStep: Encodable {
  var step: String
  var outcome: String
  var milliseconds: Int
  var finding: String
  var causes: [String]
}

extension ProbeStep {
  /// The duration, rounded down.
  fileprivate var milliseconds: Int {
    Int(duration.components.seconds) * 1000
      + Int(duration.components.attoseconds / 1_000_000_000_000_000)
  }
}

extension Writer {
  /// Writes an object; it has nothing that JSON cannot represent.
  func jsonObject(_ value: some Encodable) {
    if let text = try? jsonText(value) { raw(text) }
  }
}
