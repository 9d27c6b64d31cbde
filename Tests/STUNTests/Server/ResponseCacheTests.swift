import STUN
import STUNCodec
import SansIO
import Testing
import TransportAddress

@Suite struct ResponseCacheTests {
  func id(_ number: Int) -> TransactionID { TransactionID(high: 0, low: UInt64(number)) }

  @Test("A response is kept for 40 seconds")
  func lifetime() {
    var cache = ResponseCache()
    cache.store([1], to: id(1), from: client, at: .zero)
    #expect(cache.response(to: id(1), from: client, at: .milliseconds(39_999)) == [1])
    #expect(cache.response(to: id(1), from: client, at: .seconds(40)) == nil)
    #expect(cache.count == 0)
  }

  @Test("The same ID of another sender is another request")
  func sender() {
    var cache = ResponseCache()
    cache.store([1], to: id(1), from: client, at: .zero)
    #expect(cache.response(to: id(1), from: "10.0.0.3:5000", at: .zero) == nil)
  }

  @Test("The first response stays")
  func first() {
    var cache = ResponseCache()
    cache.store([1], to: id(1), from: client, at: .zero)
    cache.store([2], to: id(1), from: client, at: .zero)
    #expect(cache.response(to: id(1), from: client, at: .zero) == [1])
  }

  @Test("However many come, no more than fit are kept, the latest ones")
  func bounded() throws {
    var cache = try ResponseCache(capacity: 100)
    for number in 0..<10_000 {
      cache.store([1], to: id(number), from: client, at: .milliseconds(Int64(number)))
    }
    #expect(cache.count == 100)
    #expect(cache.response(to: id(9_900), from: client, at: .seconds(10)) != nil)
    #expect(cache.response(to: id(9_899), from: client, at: .seconds(10)) == nil)
  }

  @Test("A cache for nothing is thrown", arguments: [0, -1])
  func misuse(capacity: Int) {
    #expect(throws: STUNConfigurationError.capacityOutOfRange(capacity)) {
      try ResponseCache(capacity: capacity)
    }
  }

  @Test("A cache for one response keeps the latest")
  func one() throws {
    var cache = try ResponseCache(capacity: 1)
    for number in 0...1 { cache.store([UInt8(number)], to: id(number), from: client, at: .zero) }
    #expect((0...1).map { cache.response(to: id($0), from: client, at: .zero) } == [nil, [1]])
  }
}
