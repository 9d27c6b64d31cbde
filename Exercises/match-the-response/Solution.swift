import STUNCodec

func requestAnswered(
  by bytes: [UInt8], among requests: [TransactionID]
) -> Int? {
  guard let message = try? STUNMessage(bytes) else { return nil }
  switch message.type.class {
  case .request, .indication: return nil
  case .successResponse, .errorResponse: return requests.firstIndex(of: message.transactionID)
  }
}
