/// Something in a note that breaks the note format: what, where, and what to do.
public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var position: SourcePosition
  public var message: String

  public init(file: String, position: SourcePosition, message: String) {
    self.file = file
    self.position = position
    self.message = message
  }

  /// `notes/02-nat-table.md:12:5: unknown attribute 'idd'; did you mean 'id'?`
  public var description: String { "\(file):\(position): \(message)" }
}
