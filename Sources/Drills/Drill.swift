/// A call that fails for one cause, which the learner is to find and to mend.
///
///     report ─▶ looks at captures, logs, descriptions, pairs ─▶ says why
///        wrong: told what speaks against it ─▶ tries again
///        right: told what proves it ─▶ chooses a fix ─▶ the call is made again
///
/// Everything that is looked at comes from running the call; nothing is recorded.
public struct Drill: Sendable {
  /// A cause that may be the call's.
  public struct Cause: Sendable {
    /// What is said to be wrong, as one phrase.
    public let text: String
    /// Why it is the cause, or why it is not.
    public let reason: String
    /// What in the call speaks for the reason.
    public let evidence: [Evidence]

    init(_ text: String, _ reason: String, _ evidence: Evidence...) {
      (self.text, self.reason, self.evidence) = (text, reason, evidence)
    }
  }

  /// A change that may make the call work.
  public struct Fix: Sendable {
    /// What is changed, as one phrase.
    public let text: String
    /// Why it helps, or why it does not.
    public let reason: String
    private let change: @Sendable (inout Scene) -> Void

    init(_ text: String, _ reason: String, _ change: @escaping @Sendable (inout Scene) -> Void) {
      (self.text, self.reason, self.change) = (text, reason, change)
    }

    /// The scene with the change.
    public func applied(to scene: Scene) -> Scene {
      var changed = scene
      change(&changed)
      return changed
    }
  }

  /// Its name on the command line, which says nothing of the cause.
  public let id: String
  /// What those who call say of it.
  public let report: String
  /// What the call is made in.
  public let scene: Scene
  /// The causes to choose from.
  public let causes: [Cause]
  /// The index of the right one.
  public let rightCause: Int
  /// The fixes to choose from.
  public let fixes: [Fix]
  /// The index of the one that helps.
  public let rightFix: Int

  /// The drills in the order of the course.
  public static let all: [Drill] = [
    .campus, .monday, .airport, .tablet, .demo, .neighbors, .grandmother, .commute, .elevator,
    .picture, .cafes, .newRelay,
  ]

  /// The drill with a name; nil if there is none.
  public init?(named id: String) {
    guard let drill = Self.all.first(where: { $0.id == id }) else { return nil }
    self = drill
  }

  /// A drill; causes and fixes are counted from 1 here, as they are shown.
  init(
    _ id: String, report: String, scene: Scene, causes: [Cause], right rightCause: Int,
    fixes: [Fix], helps rightFix: Int
  ) {
    (self.id, self.report, self.scene) = (id, report, scene)
    (self.causes, self.rightCause) = (causes, rightCause - 1)
    (self.fixes, self.rightFix) = (fixes, rightFix - 1)
  }
}

extension Drill.Fix {
  /// Another STUN server, which helps where the usual one is not reached.
  static func otherSTUN(_ reason: String) -> Self {
    Self("Ask another STUN server", reason) { $0.asksOtherSTUN = true }
  }

  /// More time for the checks.
  static func longerPatience(_ reason: String) -> Self {
    Self("Let ICE try for two minutes, not for 39.5 seconds", reason) { scene in
      scene.patience = .seconds(120)
    }
  }

  /// The relay's second way.
  static func relayOverTCP(_ reason: String) -> Self {
    Self("Let both ask the relay over TCP, too", reason) { scene in
      scene.alice.relayAccess = .udpAndTCP
      scene.bob.relayAccess = .udpAndTCP
    }
  }
}
