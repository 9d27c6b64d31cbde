import STUNCodec

/// Counts how the STUN transactions of a capture have ended.
///
/// A transaction is a request, its retransmissions and its response: all have
/// one transaction ID. Indications are none. A capture also has bytes that are
/// no STUN message, and responses to requests from before it began: leave both
/// out. You will need:
///
///     guard let message = try? STUNMessage(bytes) else { … }  // no message
///     message.type.class   // .request, .indication, .successResponse
///                          // or .errorResponse
///     var requests: Set<TransactionID> = []
///     requests.insert(message.transactionID)
///
/// - Parameter capture: the payloads of UDP packets, sent and received, the
///   earliest first.
/// - Returns: how many transactions got a success response, how many an error
///   response, and how many none.
func outcomes(
  of capture: [[UInt8]]
) -> (answered: Int, refused: Int, silent: Int) {
  // Your code here.
  return (0, 0, 0)
}
