import STUNCodec

/// Reads the header of a STUN message, byte by byte.
///
///     bytes 0-1    two zero bits, then class and method, folded together
///     bytes 2-3    how many bytes follow the header, a multiple of four
///     bytes 4-7    the magic cookie, 21 12 A4 42
///     bytes 8-19   the transaction ID
///
/// The first two bytes, highest bit first, are 00 MMMMM C MMM C MMMM: the
/// class's two bits stand at bit 8 and bit 4, and the method is what is left
/// when they are taken out (RFC 8489 §5).
///
/// `MessageClass(rawValue:)` makes a class of its two bits: 0 is a request, 1
/// an indication, 2 a success response, 3 an error response.
///
/// Return the class, the method's number and the length. Return nil when the
/// bytes are no STUN message: fewer than twenty, another cookie, the first two
/// bits not zero, a length that is no multiple of four or not the number of
/// bytes after the header.
func decodeHeader(
  _ bytes: [UInt8]
) -> (messageClass: MessageClass, method: Int, length: Int)? {
  // Your code here.
  return nil
}
