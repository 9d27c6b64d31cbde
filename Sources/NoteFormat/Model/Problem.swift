/// A violation of the note format: its position and what to do about it.
public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public var file: String
  /// The position in the file.
  public var position: SourcePosition
  /// The message, without file and position.
  public var message: String

  /// Creates a problem at a position of a file.
  public init(file: String, position: SourcePosition, message: String) {
    self.file = file
    self.position = position
    self.message = message
  }

  /// `notes/02-nat-table.md:12:5: unknown attribute 'idd'; did you mean 'id'?`
  public var description: String { "\(file):\(position): \(message)" }
}
