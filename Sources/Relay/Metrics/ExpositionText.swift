/// Metrics in Prometheus' text format, version 0.0.4.
///
///     # HELP turn_allocations Allocations now.
///     # TYPE turn_allocations gauge
///     turn_allocations 3
public struct ExpositionText {
  /// What a metric is.
  public enum Kind: String, Sendable {
    /// A number that only grows, until the server is started anew.
    case counter
    /// A number as it is now.
    case gauge
  }

  /// A value, and the labels that tell it from others of its metric.
  public struct Sample {
    let labels: [(name: String, value: String)]
    let value: Int

    /// A value with these labels.
    public init(_ value: Int, _ labels: (name: String, value: String)...) {
      (self.value, self.labels) = (value, labels)
    }
  }

  /// The text; each line ends with a line feed.
  public private(set) var text = ""

  /// A text without metrics.
  public init() {}

  /// Adds a metric with all of its samples.
  public mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
    text += "# HELP \(name) \(Self.escaped(help))\n# TYPE \(name) \(kind.rawValue)\n"
    for sample in samples {
      let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
      text += name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}")
      text += " \(sample.value)\n"
    }
  }

  /// Adds a metric of one sample without labels.
  public mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
    add(name, kind, help, [Sample(value)])
  }

  /// The text with backslashes, line feeds and, in the value of a label, quotation marks escaped.
  private static func escaped(_ text: String, quotes: Bool = false) -> String {
    let plain = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    return quotes ? plain.replacing("\"", with: "\\\"") : plain
  }
}
