func passOn(timeToLive: UInt8) -> UInt8? {
  timeToLive > 1 ? timeToLive - 1 : nil
}
