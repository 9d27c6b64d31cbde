import Capture
import STUNCodec
import Terminal

/// A message that strict decoding does not read, as annotated bytes.
enum LenientDump {
  static func dump(
    of message: LenientMessage, _ attributes: [DecodedMessage.Attribute]
  ) -> HexDump {
    var ranges = [
      row(0..<2, "Message Type", "\(message.methodName) \(message.messageClass)"),
      row(2..<4, "Message Length", "\(message.promisedByteCount) bytes follow the header"),
    ]
    if message.transactionID.hasCookie {
      ranges.append(row(4..<8, "Magic Cookie", "0x2112A442"))
      ranges.append(row(8..<20, "Transaction ID", "\(message.transactionID)"))
    } else {
      ranges.append(row(4..<20, "Transaction ID", "\(message.transactionID), without a cookie"))
    }
    var position = STUNHeader.byteCount
    for (attribute, decoded) in zip(message.attributes, attributes) {
      let start = attribute.byteOffset
      if position < start { ranges.append(row(position..<start, "Padding", "ignored")) }
      let value = start + 4
      ranges.append(
        row(
          start..<start + 2, decoded.name,
          "type \(Hexadecimal.number(UInt64(decoded.type), digits: 4))"))
      ranges.append(row(start + 2..<value, "Length", "\(decoded.length) bytes of value"))
      position = value + attribute.value.count
      if position > value {
        let fields = decoded.fields.sorted { $0.key < $1.key }.map {
          "\($0.key) \($0.value.debugDescription.dropFirst().dropLast())"
        }
        ranges.append(
          row(
            value..<position, "Value",
            attribute.isCut
              ? "the first \(attribute.value.count) bytes"
              : fields.isEmpty ? "\(attribute.value.count) bytes" : fields.joined(separator: ", ")))
      }
    }
    return HexDump(message.bytes, ranges: ranges)
  }

  private static func row(_ range: Range<Int>, _ name: String, _ meaning: String) -> HexDump.Range {
    HexDump.Range(range, name, meaning, role: .label)
  }
}
