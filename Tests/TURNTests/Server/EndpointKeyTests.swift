import SansIO
import Testing
import TransportAddress

@testable import TURN

/// The keys that the data path looks up.
@Suite struct EndpointKeyTests {
  @Test("5-tuples that differ in one thing alone are told apart")
  func tuples() {
    let tuples = [
      FiveTuple(.udp, local: "198.51.100.1:3478", remote: "192.0.2.7:5000"),
      FiveTuple(.tcp, local: "198.51.100.1:3478", remote: "192.0.2.7:5000"),
      FiveTuple(.udp, local: "198.51.100.2:3478", remote: "192.0.2.7:5000"),
      FiveTuple(.udp, local: "198.51.100.1:3479", remote: "192.0.2.7:5000"),
      FiveTuple(.udp, local: "198.51.100.1:3478", remote: "192.0.2.8:5000"),
      FiveTuple(.udp, local: "198.51.100.1:3478", remote: "192.0.2.7:5001"),
      FiveTuple(.udp, local: "198.51.100.1:3478", remote: "[::c000:207]:5000"),
      FiveTuple(.udp, local: "[2001:db8::1]:3478", remote: "[2001:db8:1::]:5000"),
      FiveTuple(.udp, local: "[2001:db8::1]:3478", remote: "[2001:db8:1::1]:5000"),
      FiveTuple(.udp, local: "[2001:db8::1]:3478", remote: "[2001:db8:2::1]:5000"),
    ]
    var table = SlotTable<TupleKey>(seed: 7)
    for (slot, tuple) in tuples.enumerated() { table[TupleKey(tuple)] = slot }
    #expect(tuples.map { table[TupleKey($0)] } == Array(tuples.indices))
    let hashes = Set(tuples.map { TupleKey($0).mixed(with: 7) })
    #expect(hashes.count == tuples.count)
  }

  @Test("Where a key has its place depends on the seed")
  func seeds() {
    let key = EndpointKey("192.0.2.7:5000" as TransportAddress)
    #expect(Set((0..<1000).map { key.mixed(with: $0) & 1023 }).count > 500)
  }
}
