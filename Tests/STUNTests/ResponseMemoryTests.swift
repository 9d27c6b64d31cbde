import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct ResponseMemoryTests {
  func id(_ number: Int) -> TransactionID { TransactionID(high: 0, low: UInt64(number)) }

  @Test("An answer is remembered for 40 seconds")
  func lifetime() {
    var memory = ResponseMemory()
    memory.remember([1], to: id(1), from: client, at: .zero)
    #expect(memory.response(to: id(1), from: client, at: .milliseconds(39_999)) == [1])
    #expect(memory.response(to: id(1), from: client, at: .seconds(40)) == nil)
    #expect(memory.count == 0)
  }

  @Test("The same ID of another sender is another request")
  func sender() {
    var memory = ResponseMemory()
    memory.remember([1], to: id(1), from: client, at: .zero)
    #expect(memory.response(to: id(1), from: "10.0.0.3:5000", at: .zero) == nil)
  }

  @Test("The first answer stays")
  func first() {
    var memory = ResponseMemory()
    memory.remember([1], to: id(1), from: client, at: .zero)
    memory.remember([2], to: id(1), from: client, at: .zero)
    #expect(memory.response(to: id(1), from: client, at: .zero) == [1])
  }

  @Test("However many come, no more than fit are kept, the latest ones")
  func bounded() {
    var memory = ResponseMemory(capacity: 100)
    for number in 0..<10_000 {
      memory.remember([1], to: id(number), from: client, at: .milliseconds(Int64(number)))
    }
    #expect(memory.count == 100)
    #expect(memory.response(to: id(9_900), from: client, at: .seconds(10)) != nil)
    #expect(memory.response(to: id(9_899), from: client, at: .seconds(10)) == nil)
  }
}
