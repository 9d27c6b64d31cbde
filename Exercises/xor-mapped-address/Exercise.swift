import STUNCodec
import TransportAddress

/// Reads the value of an XOR-MAPPED-ADDRESS, byte by byte.
///
/// The value, without the attribute's type and length, is laid out like this
/// (RFC 8489 §14.2):
///
///     byte 0      nothing; whatever it holds
///     byte 1      the family: 1 is IPv4, 2 is IPv6
///     bytes 2-3   the port, XORed with the first two bytes of the magic cookie
///     bytes 4-    the address: 4 bytes for IPv4, XORed with the magic cookie,
///                 16 bytes for IPv6, XORed with the magic cookie and then
///                 the transaction ID
///
/// `transactionID` has twelve bytes. Return nil when the value is no address:
/// too short, too long, or of a family that does not exist. No value may make
/// this crash. You will need:
///
///     IPv4Address(198, 51, 100, 1)                // of four bytes
///     IPv6Address(high: 0, low: 1)                // of two UInt64
///     TransportAddress(.v4(address), port: port)  // or .v6(address)
func xorMappedAddress(
  value: [UInt8], transactionID: [UInt8]
) -> TransportAddress? {
  // Your code here.
  return nil
}
