// Fails: Wrong credentials are not tried again
// You try again after every 401. If the request had credentials, they are wrong, and will be wrong
// again: the relay would be asked for ever.
func nonceForRetry(after code: Int, fresh: String, sent: String?) -> String? {
  switch code {
  case 401: fresh
  case 438: sent == fresh ? nil : fresh
  default: nil
  }
}
