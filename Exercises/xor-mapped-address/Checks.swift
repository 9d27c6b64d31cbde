import Testing
import TransportAddress

@testable import Answer

@Suite struct XORMappedAddressChecks {
  /// The transaction ID of RFC 5769's messages.
  let id: [UInt8] = [0xB7, 0xE7, 0xA7, 0x01, 0xBC, 0x34, 0xD6, 0x86, 0xFA, 0x87, 0xDF, 0xAE]
  let v4: [UInt8] = [0x00, 0x01, 0xA1, 0x47, 0xE1, 0x12, 0xA6, 0x43]
  let v6: [UInt8] = [
    0x00, 0x02, 0xA1, 0x47, 0x01, 0x13, 0xA9, 0xFA, 0xA5, 0xD3, 0xF1, 0x79,
    0xBC, 0x25, 0xF4, 0xB5, 0xBE, 0xD2, 0xB9, 0xD9,
  ]

  @Test("The port comes out from under the cookie")
  func port() {
    let address = xorMappedAddress(value: v4, transactionID: id)
    #expect(
      address?.port == 32853,
      "The port bytes A1 47 should give 32853: flip them with the cookie's first two bytes, 21 12.")
  }

  @Test("An IPv4 address is XORed with the magic cookie")
  func ipv4() {
    let address = xorMappedAddress(value: v4, transactionID: id)
    #expect(
      address == "192.0.2.1:32853",
      "E1 12 A6 43 flipped with the cookie 21 12 A4 42 is C0 00 02 01, that is 192.0.2.1.")
  }

  @Test("An IPv6 address is XORed with the cookie and then the transaction ID")
  func ipv6() {
    let address = xorMappedAddress(value: v6, transactionID: id)
    #expect(
      address == "[2001:db8:1234:5678:11:2233:4455:6677]:32853",
      "Only the first four of the sixteen bytes meet the cookie; the other twelve meet the ID.")
  }

  @Test("Another transaction ID makes another IPv6 address of the same bytes")
  func otherTransaction() {
    let zeros = [UInt8](repeating: 0, count: 12)
    let address = xorMappedAddress(value: v6, transactionID: zeros)
    #expect(
      address == "[2001:db8:a5d3:f179:bc25:f4b5:bed2:b9d9]:32853",
      "With an ID of zeros the last twelve bytes stay as they were sent.")
  }

  @Test("The byte before the family is ignored")
  func reserved() {
    let address = xorMappedAddress(value: [0xFF] + v4.dropFirst(), transactionID: id)
    #expect(
      address == "192.0.2.1:32853",
      "The family is byte 1 alone; byte 0 means nothing, and a sender may leave anything there.")
  }

  @Test("A family that does not exist is no address")
  func family() throws {
    for family in UInt8.min ... .max where family != 1 && family != 2 {
      for value in [v4, v6] {
        let address = xorMappedAddress(
          value: [0, family] + value.dropFirst(2), transactionID: id)
        try #require(address == nil, "Family \(family) is neither IPv4 (1) nor IPv6 (2).")
      }
    }
  }

  @Test("A value longer than its family's is no address")
  func tooLong() {
    for value in [v4 + [0], v4 + v4, [0, 1] + v6.dropFirst(2), v6 + [0], v6 + v6] {
      let address = xorMappedAddress(value: value, transactionID: id)
      #expect(
        address == nil,
        "Family \(value[1]) with \(value.count) bytes: IPv4 has exactly 8 bytes of value, IPv6 20.")
    }
  }

  @Test("A value cut short is no address")
  func tooShort() {
    for value in [v4, v6] {
      for count in 0..<value.count {
        let address = xorMappedAddress(value: Array(value.prefix(count)), transactionID: id)
        #expect(address == nil, "Only \(count) of \(value.count) bytes are there.")
      }
    }
  }
}
