import Testing

@testable import TUN

@Suite struct DeviceStatisticsTests {
  static let text = """
    Inter-|   Receive                                                |  Transmit
     face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
        lo:     100       1    2    3    4     5          6         7      108        9   10   11   12    13      14         15
      tun0:     200       1    2    3    4     5          6         7      208        9   10   1373   12    13      14         15
    a:b: 0 0 0 0 0 0 0 0 0 0 0 42 0 0 0 0
     tun01: cut

    """

  @Test(
    "The drops of what a device should have sent are read by its exact name",
    arguments: [("lo", 11), ("tun0", 1373), ("a:b", 42), ("tun01", nil), ("tun", nil), ("", nil)])
  func drops(device: String, count: Int?) {
    #expect(DeviceStatistics.droppedPackets(of: device, in: Self.text) == count)
  }

  @Test("The machine's own loopback device has a count, and a device that is not there has none")
  func own() {
    #expect(DeviceStatistics.droppedPackets(of: "lo") != nil)
    #expect(DeviceStatistics.droppedPackets(of: "no-such-device") == nil)
  }
}
