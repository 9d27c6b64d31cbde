// Fails: Only a response can be one
// The message's class is not looked at. Somebody who sends Alice her own request back would have
// answered it, with nothing in it.
import STUNCodec

func requestAnswered(by bytes: [UInt8], among requests: [TransactionID]) -> Int? {
  guard let message = try? STUNMessage(bytes) else { return nil }
  return requests.firstIndex(of: message.transactionID)
}
