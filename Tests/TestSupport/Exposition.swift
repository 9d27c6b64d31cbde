/// Metrics in Prometheus' text format, read strictly: every line by the format's rules, and each metric's
/// lines together, after its help and its type.
public struct Exposition {
  /// Why a text is no such text.
  public struct Mistake: Error, CustomStringConvertible {
    public var description: String
  }

  /// The types by the metrics' names.
  public private(set) var types: [String: String] = [:]
  /// The values, by name and labels as they are written.
  public private(set) var values: [String: Double] = [:]

  /// Reads a whole text.
  ///
  /// - Throws: ``Mistake`` for the first line that breaks a rule.
  public init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Mistake(description: "the last line has no line feed") }
    var helped: Set<String> = []
    var current = ""
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      if let help = line.wholeMatch(of: #/# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\]|\\\\|\\n)+/#) {
        current = String(help.1)
        guard helped.insert(current).inserted else { throw Mistake(description: "twice: \(line)") }
      } else if let type = line.wholeMatch(
        of: #/# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)/#)
      {
        guard type.1 == current, types[current] == nil else {
          throw Mistake(description: "not after its help: \(line)")
        }
        types[current] = String(type.2)
      } else {
        try add(line, of: current)
      }
    }
    for (name, type) in types where (type == "counter") != (name.hasSuffix("_total")) {
      throw Mistake(description: "\(name) is a \(type)")
    }
  }

  private mutating func add(_ line: Substring, of metric: String) throws {
    let label = #/[a-zA-Z_][a-zA-Z0-9_]*="(?:[^\\"]|\\\\|\\"|\\n)*"/#
    guard
      let sample = line.wholeMatch(
        of: #/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9]+(?:\.[0-9]+)?)/#),
      let value = Double(sample.3)
    else { throw Mistake(description: "no sample: \(line)") }
    guard sample.1 == metric, types[metric] != nil else {
      throw Mistake(description: "not beside its type: \(line)")
    }
    if let labels = sample.2 {
      guard labels.matches(of: label).map({ String($0.0) }).joined(separator: ",") == labels else {
        throw Mistake(description: "labels: \(line)")
      }
    }
    let key = String(line.prefix(upTo: sample.3.startIndex).dropLast())
    guard values.updateValue(value, forKey: key) == nil else {
      throw Mistake(description: "twice: \(line)")
    }
  }

  /// The value of a metric without labels, or with these as they are written; 0 where there is none.
  public subscript(_ key: String) -> Double { values[key] ?? 0 }
}
