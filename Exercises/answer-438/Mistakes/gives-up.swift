// Fails: A stale nonce is replaced by the fresh one
// You give up at a 438. Nothing is wrong with the credentials: the nonce was too old, and a fresh one
// has come with the error.
func nonceForRetry(after code: Int, fresh: String, sent: String?) -> String? {
  code == 401 && sent == nil ? fresh : nil
}
