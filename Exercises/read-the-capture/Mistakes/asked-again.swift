// Fails: An answered request that is sent again stays answered
// You open the transaction anew when its request comes again. It has had its response: what is sent
// again after that belongs to the same transaction.
import STUNCodec

func outcomes(
  of capture: [[UInt8]]
) -> (answered: Int, refused: Int, silent: Int) {
  var silent: Set<TransactionID> = []
  var (answered, refused) = (0, 0)
  for bytes in capture {
    guard let message = try? STUNMessage(bytes) else { continue }
    let id = message.transactionID
    switch message.type.class {
    case .request: silent.insert(id)
    case .indication: break
    case .successResponse: if silent.remove(id) != nil { answered += 1 }
    case .errorResponse: if silent.remove(id) != nil { refused += 1 }
    }
  }
  return (answered, refused, silent.count)
}
