// Fails: An error response is a response, too
// Only success responses are looked at. Then a request that was refused is sent six times more, for
// 39.5 seconds, though the server has said at once what is wrong.
import STUNCodec

func requestAnswered(by bytes: [UInt8], among requests: [TransactionID]) -> Int? {
  guard let message = try? STUNMessage(bytes) else { return nil }
  guard message.type.class == .successResponse else { return nil }
  return requests.firstIndex(of: message.transactionID)
}
