/// Sines by arithmetic alone, so that a tone has the same samples on every machine.
enum Sine {
  /// The sine of an angle in turns of the circle: 1 at a quarter.
  ///
  /// - Complexity: O(1).
  static func sine(turns: Double) -> Double {
    let turn = turns - turns.rounded(.down)
    // Each quarter is the first one, mirrored or upside down.
    let (sign, half) = turn < 0.5 ? (1.0, turn) : (-1.0, turn - 0.5)
    let quarter = half <= 0.25 ? half : 0.5 - half
    let angle = quarter * 2 * Double.pi
    let square = angle * angle
    // Taylor's series: at a quarter the next term is below 10⁻¹⁶.
    var term = angle
    var sum = angle
    var divisor = 2.0
    while divisor < 20 {
      term *= -square / (divisor * (divisor + 1))
      sum += term
      divisor += 2
    }
    return sign * sum
  }

  /// The cosine of an angle in turns of the circle.
  static func cosine(turns: Double) -> Double { sine(turns: turns + 0.25) }
}
