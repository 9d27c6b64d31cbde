import CLinux

extension ExerciseFolder {
  /// The hidden command's name that runs `Checker.prepare`.
  public static let preparationCommand = "prepare-exercise"

  /// Has another process of this program prepare the first check, while the learner writes.
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
