// Fails: The last wait is Rm times the RTO, not another doubling
// You double once more after the last send; that wait has a length of its own, Rm times the RTO.
func sendTimes(rto: Int, sendCount: Int) -> [Int] {
  (0..<sendCount).map { rto * (1 << $0 - 1) }
}

func failureTime(rto: Int, sendCount: Int, lastWaitFactor: Int) -> Int {
  rto * (1 << sendCount - 1)
}
