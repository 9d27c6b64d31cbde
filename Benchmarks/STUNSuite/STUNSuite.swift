import Benchmark
import CAllocationCounter
import STUNWorks

/// Allocations counted by a `malloc` of our own.
///
/// The library's own counts read 0 whatever happens, for without its traits nothing counts. Where the
/// machine has no counter for instructions, as virtual ones often have not, that metric is left out;
/// `Benchmarks/instructions` counts them all the same.
private let allocations = BenchmarkMetric.custom("Allocations", polarity: .prefersSmaller)

let benchmarks: @Sendable () -> Void = {
  for work in Work.codec {
    let configuration = Benchmark.Configuration(
      metrics: [.instructions, .wallClock, allocations], scalingFactor: .kilo,
      maxDuration: .seconds(1),
      thresholds: [
        // A fifth more is another program; less is another compiler.
        .instructions: BenchmarkThresholds(relative: [.p90: 20]),
        // Other processes take their time too: only what has become several times slower shows.
        .wallClock: BenchmarkThresholds(relative: [.p90: 400]),
        allocations: BenchmarkThresholds(absolute: [.p90: 0]),
      ])
    Benchmark(work.name, configuration: configuration) { benchmark in
      let before = allocation_count()
      try work.run(benchmark.scaledIterations.count)
      benchmark.measurement(allocations, Int(allocation_count() - before))
    } setup: {
      // What is made on first use is not the packet's doing.
      try work.run(1000)
    }
  }
}
