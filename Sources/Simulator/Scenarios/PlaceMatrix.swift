/// Who reaches whom from the networks that people know: each place against each.
public struct PlaceMatrix: Hashable, Sendable {
  /// The places, of the rows and of the columns.
  public let places: [Place]
  /// The results by row and column: alice is in the row's place, bob in the column's.
  public let results: [[HolePunching.Result]]

  /// Hole punching between these places, each against each.
  ///
  /// - Complexity: a run of ``HolePunching`` for each pair.
  public static func holePunching(
    _ places: [Place] = Place.allCases, seed: UInt64 = 1
  ) -> PlaceMatrix {
    let results = places.map { row in
      places.map { column in
        var scenario = HolePunching(row, column, seed: seed)
        return scenario.run(isTracing: false)
      }
    }
    return PlaceMatrix(places: places, results: results)
  }

  /// How many pairs are connected.
  public var connectedCount: Int {
    results.reduce(0) { $0 + $1.count(where: \.isConnected) }
  }
}
