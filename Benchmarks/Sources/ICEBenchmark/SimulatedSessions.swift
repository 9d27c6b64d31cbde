import Calls
import NATTable
import ProcessorTime

/// Calls in the simulator, from gathering to a selected pair on both sides: what one costs.
enum SimulatedSessions {
  static func measure() {
    let cone = CallSite.nat("cone", .portRestrictedCone)
    let symmetric = CallSite.nat("symmetric", .symmetric)
    measure("direct", cone, .serverReflexive)
    measure("relayed", symmetric, .relayed)
  }

  private static func measure(_ work: String, _ site: CallSite, _ route: CallResult.Route) {
    let count: UInt64 = 200
    var time: Int64 = 0
    // The first ones fill memory for the first time; they do not count.
    for seed in 1...count + 20 {
      let start = processorTime()
      var call = Call(site, site, seed: seed)
      call.isTracing = false
      let result = call.connect()
      if seed > 20 { time += processorTime() - start }
      precondition(result.route == route, "\(work): \(result.route)")
    }
    print("\(work)\t\(Double(time) / Double(count) / 1000)")
  }
}
