public import Simulator

/// The traces that an example shows, for a program that runs it to step through them.
public enum ShownTraces {
  /// What has been shown; nil while pictures are printed.
  ///
  /// Accessed by the one thread that runs an example.
  nonisolated(unsafe) private static var kept: [Trace]?
  nonisolated(unsafe) private static var isMuted = false

  /// Runs an example, and keeps the traces that it shows instead of printing pictures of them.
  ///
  /// - Parameter example: its argument leaves out what is shown meanwhile.
  /// - Returns: the traces, the first shown first.
  /// - Throws: what the example throws.
  public static func of(_ example: (_ mute: (Bool) -> Void) throws -> Void) rethrows -> [Trace] {
    (kept, isMuted) = ([], false)
    defer { (kept, isMuted) = (nil, false) }
    try example { isMuted = $0 }
    return kept ?? []
  }

  /// Keeps a trace, if they are kept.
  ///
  /// - Parameter trace: nil for a picture that has none.
  /// - Returns: whether they are.
  static func take(_ trace: Trace?) -> Bool {
    guard kept != nil else { return false }
    if !isMuted, let trace { kept?.append(trace) }
    return true
  }
}
