// Fails: A message without MESSAGE-INTEGRITY is not believed
// You ask whether MESSAGE-INTEGRITY is wrong. One that is absent is not wrong, and proves nothing.
import STUNCodec

func forgeries(among messages: [[UInt8]], password: String) -> [Int] {
  let key = MessageIntegrityKey(shortTermPassword: password)
  var found: [Int] = []
  for (index, bytes) in messages.enumerated() {
    guard let message = try? STUNMessage(bytes) else {
      found.append(index)
      continue
    }
    if message.verifyMessageIntegrity(with: key) == .wrong { found.append(index) }
  }
  return found
}
