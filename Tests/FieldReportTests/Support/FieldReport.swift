import Testing

/// Where the story that a test tells has happened to somebody: a row of docs/field-reports.md.
struct FieldReport: TestTrait, SuiteTrait {
  /// The row.
  let id: String
  /// The project and the public thread: `pion/turn 541`.
  let place: String

  var comments: [Comment] { ["Field report \(id): \(place)"] }
}

extension Trait where Self == FieldReport {
  /// The story of a field report.
  static func report(_ id: String, _ place: String) -> Self { FieldReport(id: id, place: place) }
}

/// Something that should have happened and has not.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ what: Any) { description = "\(what)" }
}
