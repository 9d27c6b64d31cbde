import STUNCodec

func forgeries(among messages: [[UInt8]], password: String) -> [Int] {
  let key = MessageIntegrityKey(shortTermPassword: password)
  return messages.indices.filter { index in
    guard let message = try? STUNMessage(messages[index]) else { return true }
    return message.verifyMessageIntegrity(with: key) != .verified
  }
}
