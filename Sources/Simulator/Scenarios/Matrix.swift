/// Who reaches whom: each behavior of a NAT against each.
public struct Matrix: Hashable, Sendable {
  /// The behaviors, of the rows and of the columns.
  public let behaviors: [HolePunching.Behavior]
  /// The results by row and column: alice is behind the row's NAT, bob behind the column's.
  public let results: [[HolePunching.Result]]

  /// Hole punching between the nine behaviors of RFC 4787, each against each.
  ///
  /// - Complexity: 81 runs of ``HolePunching``.
  public static func holePunching(seed: UInt64 = 1) -> Matrix {
    let behaviors = HolePunching.Behavior.all
    let results = behaviors.map { row in
      behaviors.map { column in
        var scenario = HolePunching(row.configuration, column.configuration, seed: seed)
        return scenario.run(isTracing: false)
      }
    }
    return Matrix(behaviors: behaviors, results: results)
  }

  /// How many pairs are connected.
  public var connectedCount: Int {
    results.reduce(0) { $0 + $1.count(where: \.isConnected) }
  }
}
