// Fails: A success response answers the request with its transaction ID
// Every response is taken for that to the first request. Packets overtake each other, and some are
// lost: only the transaction ID says which one is meant.
import STUNCodec

func requestAnswered(by bytes: [UInt8], among requests: [TransactionID]) -> Int? {
  guard let message = try? STUNMessage(bytes), message.type.class != .request else { return nil }
  return requests.isEmpty ? nil : 0
}
