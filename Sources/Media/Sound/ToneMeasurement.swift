/// The tone that stands out in samples: its frequency, by Goertzel's algorithm.
///
/// That is one term of a Fourier transform: how much of a frequency is in the samples. Silence where packets
/// are missing does not change where its greatest value is, as what comes after is at its place in time.
public struct ToneMeasurement: Hashable, Sendable {
  /// In hertz.
  public let frequency: Double
  /// The part of the samples' energy that is in this tone, 0 to 1.
  public let share: Double

  /// How many samples are looked at first, at all frequencies, and how many after that, near the best.
  private static let (fewCount, manyCount) = (1600, 16_000)
  /// A tone that has less of the energy than this does not stand out.
  private static let leastShare = 0.25

  /// Measures samples that were taken 8000 times a second; nil for silence, for noise, and for fewer than
  /// 400 samples.
  ///
  /// - Complexity: O(*n*), of which the middle two seconds are looked at.
  public init?(_ samples: [Int16]) {
    guard samples.count >= 400 else { return nil }
    let few = Self.middle(samples, Self.fewCount)
    let many = Self.middle(samples, Self.manyCount)
    let energy = many.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard energy > 0 else { return nil }
    let step = Double(PCMU.rate) / Double(few.count) / 2
    let coarse = Self.best(of: few, from: step, to: Double(PCMU.rate / 2) - step, by: step)
    let fine = Double(PCMU.rate) / Double(many.count) / 2
    let near = Self.best(of: many, from: max(fine, coarse - step), to: coarse + step, by: fine)
    frequency = Self.peak(of: many, between: near - fine, and: near + fine)
    share = min(1, 2 * Self.power(of: many, at: frequency) / (Double(many.count) * energy))
    guard share >= Self.leastShare else { return nil }
  }

  private static func middle(_ samples: [Int16], _ count: Int) -> ArraySlice<Int16> {
    let count = min(count, samples.count)
    let start = (samples.count - count) / 2
    return samples[start..<start + count]
  }

  /// The frequency of a row that the most is in.
  private static func best(
    of samples: ArraySlice<Int16>, from first: Double, to last: Double, by step: Double
  ) -> Double {
    var best = (frequency: first, power: 0.0)
    for frequency in stride(from: first, through: last, by: step) {
      let power = power(of: samples, at: frequency)
      if power > best.power { best = (frequency, power) }
    }
    return best.frequency
  }

  /// The frequency between two that the most is in, where there is one hill between them.
  private static func peak(
    of samples: ArraySlice<Int16>, between low: Double, and high: Double
  ) -> Double {
    var (low, high) = (low, high)
    while high - low > 0.001 {
      let third = (high - low) / 3
      if power(of: samples, at: low + third) < power(of: samples, at: high - third) {
        low += third
      } else {
        high -= third
      }
    }
    return (low + high) / 2
  }

  /// How much of a frequency is in samples: the squared magnitude of that term.
  private static func power(of samples: ArraySlice<Int16>, at frequency: Double) -> Double {
    let factor = 2 * Sine.cosine(turns: frequency / Double(PCMU.rate))
    var (last, beforeLast) = (0.0, 0.0)
    samples.withUnsafeBufferPointer { samples in
      for sample in samples {
        (last, beforeLast) = (Double(sample) + factor * last - beforeLast, last)
      }
    }
    return last * last + beforeLast * beforeLast - factor * last * beforeLast
  }
}

extension ToneMeasurement: CustomStringConvertible {
  /// With one decimal: `440.0 Hz`.
  public var description: String {
    let tenths = Int((frequency * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) Hz"
  }
}
