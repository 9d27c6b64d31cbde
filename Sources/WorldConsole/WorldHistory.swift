public import NATConsole
import Simulator

/// A world whose lines can be taken back.
public struct WorldHistory: Sendable {
  /// The world as it is now.
  public private(set) var world: World
  private var history = UndoHistory<World, String>(depth: 1000)

  /// A world that has no past.
  public init(_ world: World) {
    self.world = world
  }

  /// Set if the last line has reached the goal.
  public var reached: ReachedGoal? { world.reached }

  /// Obeys a line of a world, or `undo`.
  ///
  /// - Throws: `ConsoleError` if the line cannot be understood or obeyed; nothing has changed then.
  /// - Complexity: amortized that of the line itself; undoing repeats some lines.
  public mutating func obey(_ line: String) throws(ConsoleError) -> WorldResult {
    var scanner = LineScanner(line)
    guard scanner.take("undo") else {
      history.prepare(world, size: world.size)
      let result = try world.obey(line)
      if result.isChange { history.append(line) }
      return result
    }
    try scanner.expectEnd()
    let before = history.takeBack { world, line in
      // It was obeyed before, so it can be again: the network's seed decides what happens.
      _ = try? world.obey(line)
    }
    guard let before else {
      throw ConsoleError(column: 1, message: "there is nothing to take back")
    }
    world = before
    world.reached = nil
    return .undone(now: world.network.time)
  }
}
