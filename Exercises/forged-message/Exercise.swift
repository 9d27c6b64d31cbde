import STUNCodec

/// Which of these messages a careful client must not believe: their indexes, in
/// order.
///
/// Alice and Bob share `password`, a short-term one, and have agreed that every
/// message is protected by MESSAGE-INTEGRITY. Among the messages are some that
/// somebody else has made, or has changed on their way, and some that are no
/// messages at all.
///
/// `try STUNMessage(bytes)` reads a message or throws;
/// `MessageIntegrityKey(shortTermPassword:)` makes the key;
/// `message.verifyMessageIntegrity(with:)` is `.verified`, or something else.
func forgeries(among messages: [[UInt8]], password: String) -> [Int] {
  // Your code here.
  return []
}
