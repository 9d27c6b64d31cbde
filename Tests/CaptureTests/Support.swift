import Capture
import STUNCodec
import TransportAddress

/// RFC 5769 §2.2: a Binding success response.
let response = hex(
  """
  01 01 00 3c  21 12 a4 42  b7 e7 a7 01  bc 34 d6 86  fa 87 df ae
  80 22 00 0b  74 65 73 74  20 76 65 63  74 6f 72 20
  00 20 00 08  00 01 a1 47  e1 12 a6 43
  00 08 00 14  2b 91 f5 99  fd 9e 90 c3  8c 74 89 f9  2a f9 ba 53  f0 6b e7 d7
  80 28 00 04  c0 7d 4c 96
  """)

/// Bytes from a literal; a literal that is not hexadecimal is the test's own mistake.
func hex(_ text: String) -> [UInt8] {
  do {
    return try Hexadecimal.bytes(text)
  } catch {
    preconditionFailure("\(error)")
  }
}

func bigEndian(_ value: Int) -> [UInt8] {
  [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
}

/// A UDP datagram from port 40000 to this one.
func udp(_ payload: [UInt8], to port: Int = 3478) -> [UInt8] {
  bigEndian(40000) + bigEndian(port) + bigEndian(8 + payload.count) + [0, 0] + payload
}

/// A UDP datagram from a server's port 3478 to port 40000.
func udpBack(_ payload: [UInt8]) -> [UInt8] {
  bigEndian(3478) + bigEndian(40000) + bigEndian(8 + payload.count) + [0, 0] + payload
}

/// A TCP segment from port 40000 to 3478, with options of so many words.
func tcp(_ payload: [UInt8], sequence: UInt32, flags: UInt8 = 0x18, optionWords: Int = 0)
  -> [UInt8]
{
  bigEndian(40000) + bigEndian(3478)
    + bigEndian(Int(sequence >> 16)) + bigEndian(Int(sequence & 0xFFFF)) + [0, 0, 0, 0]
    + [UInt8((5 + optionWords) << 4), flags] + [0, 0, 0, 0, 0, 0]
    + [UInt8](repeating: 1, count: optionWords * 4) + payload
}

/// An IPv4 packet from 192.0.2.1 to 198.51.100.1, or back.
func ipv4(
  _ payload: [UInt8], protocol number: UInt8 = 17, optionWords: Int = 0,
  identification: Int = 0, fragment: Int = 0, back: Bool = false
) -> [UInt8] {
  [UInt8(0x45 + optionWords), 0] + bigEndian(20 + optionWords * 4 + payload.count)
    + bigEndian(identification) + bigEndian(fragment) + [64, number, 0, 0]
    + (back ? [198, 51, 100, 1, 192, 0, 2, 1] : [192, 0, 2, 1, 198, 51, 100, 1])
    + [UInt8](repeating: 1, count: optionWords * 4) + payload
}

/// An IPv6 packet from 2001:db8::1 to 2001:db8::2, with these extension headers before the payload.
func ipv6(_ payload: [UInt8], next: UInt8 = 17, extensions: [UInt8] = []) -> [UInt8] {
  let prefix: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11)
  return [0x60, 0, 0, 0] + bigEndian(extensions.count + payload.count) + [next, 64]
    + prefix + [1] + prefix + [2] + extensions + payload
}

func frame(
  _ bytes: [UInt8], _ linkType: LinkType = .raw, number: Int = 1, time: Int64 = 0
) -> CapturedFrame {
  CapturedFrame(
    number: number, time: time, linkType: linkType, bytes: bytes, originalByteCount: bytes.count)
}

/// The messages of these frames.
func messages(_ frames: [CapturedFrame]) -> [CapturedMessage] {
  events(frames).compactMap { if case .message(let message) = $0 { message } else { nil } }
}

/// All that these frames hold, to the capture's end.
func events(_ frames: [CapturedFrame]) -> [CaptureEvent] {
  var finder = MessageFinder()
  return frames.flatMap { finder.events(in: $0) } + finder.finish()
}
