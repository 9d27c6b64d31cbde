/// With which nonce a client tries again after its request was refused.
///
/// A request has either no credentials at all, or name, realm, nonce and
/// MESSAGE-INTEGRITY.
///
/// You will need:
///
///     switch code {}         // `case 401:`, `case 438:`, `default:`
///     sent == nil            // the refused request had no credentials
///     return fresh           // or `return nil`, to give up
///
/// - Parameters:
///   - code: the error: 401, 438 or another.
///   - fresh: the nonce that came with it.
///   - sent: the nonce of the request that was refused; nil if it had none.
/// - Returns: the nonce for the next request; nil if trying again is of no use.
func nonceForRetry(after code: Int, fresh: String, sent: String?) -> String? {
  // Your code here.
  return nil
}
