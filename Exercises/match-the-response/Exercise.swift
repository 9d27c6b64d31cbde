import STUNCodec

/// Tells which of Alice's requests a UDP packet answers.
///
/// It has come to her call's port, where anything may arrive: sound, requests
/// of Bob's, nonsense. You will need:
///
///     guard let message = try? STUNMessage(bytes) else { … }  // no message
///     message.type.class   // .request, .indication, .successResponse
///                          // or .errorResponse
///     requests.firstIndex(of: message.transactionID)
///
/// - Parameters:
///   - bytes: the packet's payload.
///   - requests: the transaction IDs of the requests that wait for a response.
/// - Returns: the index of the request that it is a response to; nil if it is a
///   response to none.
func requestAnswered(
  by bytes: [UInt8], among requests: [TransactionID]
) -> Int? {
  // Your code here.
  return nil
}
