import STUNCodec

extension DecodedMessage {
  /// The JSON form in one line, as an encoder with sorted keys writes it, but many times as fast.
  public var jsonLine: String {
    var line = JSONLine()
    line.object { add(to: &$0) }
    return String(decoding: line.bytes, as: UTF8.self)
  }

  private func add(to line: inout JSONLine) {
    line.list("attributes", attributes) { attribute, line in
      line.object("fields") { line in
        for (key, value) in attribute.fields.sorted(by: { $0.key < $1.key }) {
          line.member(key, value)
        }
      }
      line.member("isComprehensionRequired", attribute.isComprehensionRequired)
      line.member("isIgnored", attribute.isIgnored)
      line.member("length", attribute.length)
      line.member("name", attribute.name)
      line.member("offset", attribute.offset)
      line.member("type", Int(attribute.type))
      line.member("value", attribute.value)
    }
    line.member("bytes", Hexadecimal.plain(content))
    line.member("channel", channel.map(Int.init))
    line.member("class", self.class)
    line.member("clock", clock)
    line.member("clockSeconds", clockSeconds)
    line.member("dataLength", dataLength)
    line.member("destination", destination)
    line.member("dialect", dialect)
    line.member("fingerprint", fingerprint)
    line.member("frame", frame)
    line.member("framing", framing)
    line.list("integrity", integrity) { check, line in
      line.member("attribute", check.attribute)
      line.member("key", check.key)
      line.member("password", check.password)
      line.member("result", check.result)
    }
    line.member("kind", kind)
    line.member("length", length)
    line.member("method", method)
    line.member("missingBytes", missingBytes)
    line.list("nested", nested) { message, line in message.add(to: &line) }
    line.list("problems", problems) { problem, line in
      line.member("field", problem.field)
      line.member("message", problem.message)
      line.member("offset", problem.offset)
    }
    line.member("seconds", seconds)
    line.member("sessionID", sessionID)
    line.member("source", source)
    line.member("transactionID", transactionID)
    line.member("transport", transport)
    line.member("type", type.map(Int.init))
  }
}

/// Writes JSON without spaces.
private struct JSONLine {
  private(set) var bytes: [UInt8] = []
  /// Whether a comma is due before the next member or element.
  private var needsComma = false

  mutating func object(_ name: String? = nil, _ body: (inout JSONLine) -> Void) {
    if let name { key(name) } else { comma() }
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  mutating func list<Element>(
    _ name: String, _ elements: [Element], _ body: (Element, inout JSONLine) -> Void
  ) {
    key(name)
    bytes.append(UInt8(ascii: "["))
    needsComma = false
    for element in elements { object { body(element, &$0) } }
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  mutating func member(_ name: String, _ value: String?) {
    guard let value else { return }
    key(name)
    text(value)
  }

  mutating func member(_ name: String, _ value: Int?) {
    guard let value else { return }
    key(name)
    bytes += "\(value)".utf8
  }

  mutating func member(_ name: String, _ value: Double?) {
    guard let value, value.isFinite else { return }
    key(name)
    let digits = "\(value)"
    bytes += (digits.hasSuffix(".0") ? digits.dropLast(2) : digits[...]).utf8
  }

  mutating func member(_ name: String, _ value: Bool) {
    key(name)
    bytes += (value ? "true" : "false").utf8
  }

  private mutating func key(_ name: String) {
    comma()
    text(name)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func comma() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func text(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        bytes += "\\u\(digits.count == 1 ? "000" : "00")\(digits)".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
