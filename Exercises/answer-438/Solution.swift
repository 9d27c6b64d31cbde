func nonceForRetry(after code: Int, fresh: String, sent: String?) -> String? {
  switch code {
  case 401: sent == nil ? fresh : nil
  case 438: sent == fresh ? nil : fresh
  default: nil
  }
}
