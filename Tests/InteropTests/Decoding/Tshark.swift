import FoundationEssentials
import TestSupport
import Testing

/// What `decode --json` says, as far as it is compared.
struct Decoded: Decodable {
  struct Message: Decodable {
    struct Attribute: Decodable {
      var type: Int
      var name: String
      var length: Int
      var value: String
      var isComprehensionRequired: Bool
      var fields: [String: String]
    }

    var kind: String
    var frame: Int
    var transport: String
    var type: Int?
    var length: Int?
    var transactionID: String?
    var attributes: [Attribute]
    var fingerprint: String?
    var integrity: [Check]
    var channel: Int?
    var dataLength: Int?
    var problems: [Problem]
    var nested: [Message]

    struct Check: Decodable {
      var result: String
      var key: String?
    }
    struct Problem: Decodable { var message: String }
  }

  var messages: [Message]
  var frames: Int

  /// Decodes a capture with the program.
  init(_ capture: String, _ arguments: [String] = []) throws {
    let result = try Program.run(["decode", "--json", capture] + arguments)
    self = try JSONDecoder().decode(Decoded.self, from: Data(result.output.utf8))
  }
}

/// Compares every field of STUN that tshark finds in a capture with what the program's decoder says;
/// returns how many values were equal.
///
/// tshark is asked for all fields that it has: one that is neither compared nor left out for a reason
/// that is given fails.
func compareWithTshark(
  _ capture: String, _ decoded: Decoded, sourceLocation: SourceLocation = #_sourceLocation
) throws -> Int {
  let compared = Field.all.map(\.name)
  let others = try Field.namesInTshark().filter {
    !compared.contains($0) && Field.leftOut[$0] == nil
  }
  let names = compared + others
  let result = try Program.run(
    "tshark",
    // What TURN carries is opened only on request.
    ["-r", capture, "--enable-heuristic", "stun_turn", "-T", "fields", "-E", "aggregator=;"]
      + ["-e", "frame.number"]
      + names.flatMap { ["-e", $0] })
  var equal = 0
  let lines = result.output.split(separator: "\n")
  try #require(lines.count == decoded.frames, sourceLocation: sourceLocation)
  for line in lines {
    let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
    let frame = try #require(Int(columns[0]), sourceLocation: sourceLocation)
    try #require(columns.count == names.count + 1, sourceLocation: sourceLocation)
    let messages = decoded.messages.filter { $0.frame == frame }
    for (index, field) in Field.all.enumerated() {
      let ours = messages.flatMap(field.values)
      let theirs = columns[index + 1]
      #expect(
        ours.joined(separator: ";") == theirs, "frame \(frame), \(field.name)",
        sourceLocation: sourceLocation)
      if !ours.isEmpty, ours.joined(separator: ";") == theirs { equal += ours.count }
    }
    for (name, value) in zip(others, columns.dropFirst(compared.count + 1)) {
      #expect(
        value.isEmpty, "frame \(frame), \(name) is not compared", sourceLocation: sourceLocation)
    }
  }
  return equal
}
