import STUNCodec
import Testing
import TransportAddress

@testable import Answer

@Suite struct ForgedMessageChecks {
  let password = "VOkJxbRl1RmTxUk/WvJxBt"

  /// A response with this address, and with MESSAGE-INTEGRITY by the password if there is one.
  func response(_ address: TransportAddress, protectedWith password: String?) throws -> [UInt8] {
    try STUNMessage.encode(
      .bindingSuccessResponse, transactionID: TransactionID(high: 1, low: 2)
    ) { message in
      try message.append(xorMappedAddress: address)
      if let password {
        try message.appendMessageIntegrity(MessageIntegrityKey(shortTermPassword: password))
      }
      try message.appendFingerprint()
    }
  }

  @Test("A message protected with the password is believed")
  func genuine() throws {
    let messages = [try response("198.51.100.1:5000", protectedWith: password)]
    #expect(
      forgeries(among: messages + messages, password: password) == [],
      "Both messages are protected with the right password.")
  }

  @Test("A message protected with another password is forged")
  func otherPassword() throws {
    let messages = [
      try response("198.51.100.1:5000", protectedWith: password),
      try response("192.0.2.66:6666", protectedWith: "guess"),
    ]
    #expect(
      forgeries(among: messages, password: password) == [1],
      "Message 1 has a right FINGERPRINT, which anybody can make, but a wrong MESSAGE-INTEGRITY.")
  }

  @Test("A message changed on its way is forged, even with its fingerprint put right")
  func changed() throws {
    var bytes = try response("198.51.100.1:5000", protectedWith: password)
    bytes[31] ^= 1
    #expect(
      forgeries(among: [bytes], password: password) == [0],
      "The last byte of the address is not the one that MESSAGE-INTEGRITY was computed over.")
  }

  @Test("A message without MESSAGE-INTEGRITY is not believed")
  func withoutIntegrity() throws {
    let messages = [
      try response("192.0.2.66:6666", protectedWith: nil),
      try response("198.51.100.1:5000", protectedWith: password),
    ]
    #expect(
      forgeries(among: messages, password: password) == [0],
      "Message 0 has no MESSAGE-INTEGRITY at all: leaving it out is the easiest forgery.")
  }

  @Test("What is no message is not believed either")
  func noMessage() throws {
    let whole = try response("198.51.100.1:5000", protectedWith: password)
    #expect(
      forgeries(among: [[], Array(whole.dropLast(4)), [0x80, 0x60], whole], password: password)
        == [0, 1, 2], "Bytes that cannot be read prove nothing.")
  }

  @Test("What was added after MESSAGE-INTEGRITY does not make the message forged")
  func appended() throws {
    let key = MessageIntegrityKey(shortTermPassword: password)
    var bytes = try STUNMessage.encode(
      .bindingSuccessResponse, transactionID: TransactionID(high: 1, low: 2)
    ) { message in
      try message.append(xorMappedAddress: "198.51.100.1:5000")
      try message.appendMessageIntegrity(key)
    }
    bytes += [0x80, 0x22, 0x00, 0x00]
    bytes[3] += 4
    #expect(
      forgeries(among: [bytes], password: password) == [],
      "MESSAGE-INTEGRITY covers what stands before it, which is unchanged; the rest is ignored.")
  }
}
