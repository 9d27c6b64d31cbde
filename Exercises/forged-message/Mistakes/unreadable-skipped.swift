// Fails: What is no message is not believed either
// You leave out what cannot be read; a client must not believe that either.
import STUNCodec

func forgeries(among messages: [[UInt8]], password: String) -> [Int] {
  let key = MessageIntegrityKey(shortTermPassword: password)
  var found: [Int] = []
  for (index, bytes) in messages.enumerated() {
    guard let message = try? STUNMessage(bytes) else { continue }
    if message.verifyMessageIntegrity(with: key) != .verified { found.append(index) }
  }
  return found
}
