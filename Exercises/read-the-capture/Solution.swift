import STUNCodec

func outcomes(
  of capture: [[UInt8]]
) -> (answered: Int, refused: Int, silent: Int) {
  var silent: Set<TransactionID> = []
  var answered: Set<TransactionID> = []
  var refused: Set<TransactionID> = []
  for bytes in capture {
    guard let message = try? STUNMessage(bytes) else { continue }
    let id = message.transactionID
    switch message.type.class {
    case .request:
      if !answered.contains(id), !refused.contains(id) { silent.insert(id) }
    case .indication: break
    case .successResponse:
      if silent.remove(id) != nil { answered.insert(id) }
    case .errorResponse:
      if silent.remove(id) != nil { refused.insert(id) }
    }
  }
  return (answered.count, refused.count, silent.count)
}
