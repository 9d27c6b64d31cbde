// Fails: Each wait is twice the one before it
// Those are the waits; the times at which it is sent are their sums.
func sendTimes(rto: Int, sendCount: Int) -> [Int] {
  (0..<sendCount).map { $0 == 0 ? 0 : rto << ($0 - 1) }
}

func failureTime(rto: Int, sendCount: Int, lastWaitFactor: Int) -> Int {
  sendTimes(rto: rto, sendCount: sendCount).reduce(0, +) + lastWaitFactor * rto
}
