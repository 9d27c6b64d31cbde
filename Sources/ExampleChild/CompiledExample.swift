/// An example of a note, compiled as a function that prints its output.
///
/// The note compiler generates one value for each example that runs.
public struct CompiledExample: Sendable {
  /// The id of the example.
  public var id: String
  /// Runs the example; `mute` turns output off and on around the code of continued examples.
  public var run: @Sendable (_ mute: (Bool) -> Void) throws -> Void

  /// Creates an example from its id and its function.
  public init(id: String, run: @escaping @Sendable (_ mute: (Bool) -> Void) throws -> Void) {
    self.id = id
    self.run = run
  }
}
