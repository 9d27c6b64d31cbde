// Fails: A request with an error response is refused
// You take every response for an answer. An error response says no: the request has arrived, and was
// refused.
import STUNCodec

func outcomes(
  of capture: [[UInt8]]
) -> (answered: Int, refused: Int, silent: Int) {
  var silent: Set<TransactionID> = []
  var answered: Set<TransactionID> = []
  for bytes in capture {
    guard let message = try? STUNMessage(bytes) else { continue }
    let id = message.transactionID
    switch message.type.class {
    case .request: if !answered.contains(id) { silent.insert(id) }
    case .indication: break
    case .successResponse, .errorResponse:
      if silent.remove(id) != nil { answered.insert(id) }
    }
  }
  return (answered.count, 0, silent.count)
}
