// Fails: A message protected with another password is forged
// FINGERPRINT is a checksum that anybody can compute; only MESSAGE-INTEGRITY needs the password.
import STUNCodec

func forgeries(among messages: [[UInt8]], password: String) -> [Int] {
  var found: [Int] = []
  for (index, bytes) in messages.enumerated() {
    let message = try? STUNMessage(bytes)
    if message == nil || message?.verifyFingerprint() == .wrong { found.append(index) }
  }
  return found
}
