import CLinux

extension ExerciseFolder {
  /// The name of the hidden command that runs `Checker.prepare`.
  public static let preparationCommand = "prepare-exercise"

  /// Starts another process of this program that prepares the first check.
  public func prepareInBackground() {
    let program = "/proc/self/exe"
    program.withCString { path in
      Self.preparationCommand.withCString { command in
        id.withCString { id in
          var arguments: [UnsafePointer<CChar>?] = [path, command, id, nil]
          linux_start_in_background(path, &arguments)
        }
      }
    }
  }
}
