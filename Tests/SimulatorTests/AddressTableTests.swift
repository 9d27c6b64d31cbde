import SansIO
import Testing
import TransportAddress

@testable import Simulator

@Suite struct AddressTableTests {
  @Test("A table has what a dictionary has, after any additions, changes and removals")
  func asDictionary() {
    var random = SeededGenerator(seed: 11)
    var table = AddressTable()
    var dictionary: [IPv4Address: NodeID] = [:]
    // Few addresses, so that many are there when they are added or removed, and searches are long.
    func address() -> IPv4Address {
      IPv4Address(rawValue: 0x0A00_0000 + UInt32.random(in: 0..<300, using: &random))
    }
    for number in 0..<20_000 {
      let address = address()
      let node = Bool.random(using: &random) ? NodeID(number) : nil
      table[address] = node
      dictionary[address] = node
      let other = IPv4Address(rawValue: 0x0A00_0000 + UInt32(number % 320))
      #expect(table[other] == dictionary[other])
    }
    for host in 0..<320 {
      let address = IPv4Address(rawValue: 0x0A00_0000 + UInt32(host))
      #expect(table[address] == dictionary[address])
    }
  }

  @Test("The all-zeros address can be missing, and can be there")
  func zero() {
    var table = AddressTable()
    #expect(table[IPv4Address(rawValue: 0)] == nil)
    table[IPv4Address(rawValue: 0)] = NodeID(7)
    #expect(table[IPv4Address(rawValue: 0)] == NodeID(7))
  }
}
