import IPPacket
import NATTable
import Testing
import TransportAddress

/// Bytes written as words, such as `4500 0020`.
func bytes(_ words: String) -> [UInt8] {
  var bytes: [UInt8] = []
  for word in words.split(whereSeparator: \.isWhitespace) {
    let value = UInt16(word, radix: 16) ?? 0
    bytes += [UInt8(value >> 8), UInt8(value & 255)]
  }
  return bytes
}

/// IPv4 bytes with a right header checksum, after something in the header was changed.
func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  bytes[10...11] = [0, 0]
  var sum = Checksum()
  sum.add(bytes.span, in: 0..<Int(bytes[0] & 0xF) * 4)
  bytes[10...11] = [UInt8(sum.value >> 8), UInt8(sum.value & 255)]
  return bytes
}

/// An IPv4 packet's bytes with the checksum of its ICMP message made right.
///
/// - Parameter embedded: whether the checksum of the embedded IP header is made right before.
func withMessageChecksum(_ bytes: [UInt8], embedded: Bool = false) -> [UInt8] {
  var bytes = bytes
  if embedded { bytes.replaceSubrange(28..., with: withChecksums(Array(bytes[28...]))) }
  bytes[22...23] = [0, 0]
  var sum = Checksum()
  sum.add(bytes.span, in: 20..<bytes.count)
  bytes[22...23] = [UInt8(sum.value >> 8), UInt8(sum.value & 255)]
  return bytes
}

/// What came of a translation: the packet's bytes, or why there is none.
typealias Translated = Result<[UInt8], TranslationFailure>

extension HeaderTranslator {
  func toIPv6(_ bytes: [UInt8], room: Int = 70_000) -> Translated {
    var buffer = [UInt8](repeating: 0xEE, count: room)
    var output = buffer.mutableSpan
    do throws(TranslationFailure) {
      let result = try toIPv6(bytes.span, into: &output)
      return .success(Array(buffer.prefix(result.length)))
    } catch {
      return .failure(error)
    }
  }

  mutating func toIPv4(_ bytes: [UInt8], room: Int = 70_000) -> Translated {
    var buffer = [UInt8](repeating: 0xEE, count: room)
    var output = buffer.mutableSpan
    do throws(TranslationFailure) {
      let result = try toIPv4(bytes.span, into: &output)
      return .success(Array(buffer.prefix(result.length)))
    } catch {
      return .failure(error)
    }
  }
}
