/// Builds a STUN Binding request.
///
///     bytes 0-1    the type: 00 01
///     bytes 2-3    how many bytes follow the header
///     bytes 4-7    the magic cookie: 21 12 a4 42
///     bytes 8-19   the transaction ID
///
/// SOFTWARE, if there is one: 80 22, the length of its value in two bytes, the
/// value, and zeros up to a multiple of four. You will need:
///
///     [UInt8(n >> 8), UInt8(n & 0xFF)]  // a number as two bytes
///     bytes += more                     // lists of bytes are put together
///     while bytes.count % 4 != 0 { … }  // while it is no multiple of four
///
/// - Parameters:
///   - transactionID: twelve bytes.
///   - software: the bytes of a name, at most 763; nil for a request without
///     attributes.
/// - Returns: the message.
func bindingRequest(transactionID: [UInt8], software: [UInt8]?) -> [UInt8] {
  // Your code here.
  return transactionID
}
