// Fails: A stale nonce that is sent again is not taken
// You take any nonce that comes with a 438, even the one that was just called stale. A relay that is
// out of order would keep you busy for ever.
func nonceForRetry(after code: Int, fresh: String, sent: String?) -> String? {
  switch code {
  case 401: sent == nil ? fresh : nil
  case 438: fresh
  default: nil
  }
}
