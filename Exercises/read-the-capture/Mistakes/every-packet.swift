// Fails: A request that is sent again is one transaction
// You count packets. A request that is sent again has the same transaction ID: it is still one
// transaction, and one response ends it.
import STUNCodec

func outcomes(
  of capture: [[UInt8]]
) -> (answered: Int, refused: Int, silent: Int) {
  var ids: Set<TransactionID> = []
  var (requests, answered, refused) = (0, 0, 0)
  for bytes in capture {
    guard let message = try? STUNMessage(bytes) else { continue }
    switch message.type.class {
    case .request:
      requests += 1
      ids.insert(message.transactionID)
    case .indication: break
    case .successResponse: if ids.remove(message.transactionID) != nil { answered += 1 }
    case .errorResponse: if ids.remove(message.transactionID) != nil { refused += 1 }
    }
  }
  return (answered, refused, requests - answered - refused)
}
