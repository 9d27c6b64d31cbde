/// A tone to be sent: a sine, taken 8000 times a second.
public struct Tone: Hashable, Sendable {
  /// In hertz, 1 to 3999: above half of the samples' rate there is none.
  public let frequency: Int
  /// The greatest sample as a part of the greatest that there is, 0 to 1.
  public let amplitude: Double

  /// A tone.
  ///
  /// - Precondition: frequency and amplitude are in their ranges.
  public init(_ frequency: Int, amplitude: Double = 0.5) {
    precondition(
      (1..<PCMU.rate / 2).contains(frequency) && (0...1).contains(amplitude),
      "a tone has 1 to 3999 Hz and an amplitude of 0 to 1")
    (self.frequency, self.amplitude) = (frequency, amplitude)
  }

  /// After how many samples they are the same again, 8000 at most.
  var period: Int {
    var (divisor, rest) = (PCMU.rate, frequency)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    return PCMU.rate / divisor
  }

  /// The sample with an index, the same on every machine.
  ///
  /// - Precondition: the index is not negative.
  /// - Complexity: O(1).
  public func sample(_ index: Int) -> Int16 {
    // After a second the samples are the same again, so that no index is too large for the arithmetic.
    let turns = Double(index % PCMU.rate * frequency % PCMU.rate) / Double(PCMU.rate)
    return Int16((Sine.sine(turns: turns) * amplitude * 32_767).rounded())
  }
}
