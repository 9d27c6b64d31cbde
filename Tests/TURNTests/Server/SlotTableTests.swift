import STUNCodec
import SansIO
import Testing
import TransportAddress

@testable import TURN

@Suite struct SlotTableTests {
  /// A key of which an eighth have the same place in every table.
  struct Key: SlotKey, Hashable {
    let number: Int

    func mixed(with seed: UInt64) -> UInt64 { UInt64(number % 8) &* 3 &+ seed }
  }

  @Test(
    "A table holds what a dictionary holds, whatever is put in, replaced and removed",
    arguments: 0..<20 as Range<UInt64>)
  func dictionary(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var table = SlotTable<Key>(seed: seed)
    var expected: [Key: Int] = [:]
    for step in 0..<2000 {
      let key = Key(number: Int.random(in: 0..<100, using: &generator))
      // At first it grows, and then it empties.
      let adds = Int.random(in: 0..<10, using: &generator) < (step < 1000 ? 7 : 2)
      table[key] = adds ? step : nil
      expected[key] = adds ? step : nil
      #expect(table.count == expected.count)
      if step % 50 == 0 {
        for number in 0..<100 {
          let key = Key(number: number)
          #expect(table[key] == expected[key])
        }
      }
    }
    table.removeAll()
    #expect(table.count == 0)
    #expect((0..<100).allSatisfy { table[Key(number: $0)] == nil })
  }

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
