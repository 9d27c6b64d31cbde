// Fails: The first send is at once
// You send once too often: Rc counts the first send, not only those after it.
func sendTimes(rto: Int, sendCount: Int) -> [Int] {
  (0...sendCount).map { rto * (1 << $0 - 1) }
}

func failureTime(rto: Int, sendCount: Int, lastWaitFactor: Int) -> Int {
  rto * (1 << sendCount - 1) + lastWaitFactor * rto
}
