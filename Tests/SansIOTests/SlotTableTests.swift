import SansIO
import Testing

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
}
