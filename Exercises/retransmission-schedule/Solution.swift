func sendTimes(rto: Int, sendCount: Int) -> [Int] {
  var times: [Int] = []
  var time = 0
  var wait = rto
  for _ in 0..<sendCount {
    times.append(time)
    time += wait
    wait *= 2
  }
  return times
}

func failureTime(rto: Int, sendCount: Int, lastWaitFactor: Int) -> Int {
  (sendTimes(rto: rto, sendCount: sendCount).last ?? 0) + rto * lastWaitFactor
}
