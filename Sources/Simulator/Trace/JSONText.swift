/// A JSON object that is written in order, without Foundation (RFC 8259).
package struct JSONText {
  private(set) var text = "{"

  package init() {}

  package mutating func add(_ key: String, _ value: String) {
    begin(key)
    Self.append(value, to: &text)
  }

  package mutating func add(_ key: String, _ value: String?) {
    if let value { add(key, value) }
  }

  package mutating func add(_ key: String, number: some BinaryInteger) {
    begin(key)
    text += String(number)
  }

  /// Nanoseconds as seconds, with as many decimals as needed.
  mutating func add(_ key: String, nanoseconds: Int64) {
    begin(key)
    text += String(nanoseconds / 1_000_000_000)
    let fraction = nanoseconds % 1_000_000_000
    guard fraction > 0 else { return }
    var digits = String(fraction + 1_000_000_000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    text += "." + digits
  }

  mutating func add(_ key: String, bytes: [UInt8]) {
    begin(key)
    text += "\""
    for byte in bytes { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    text += "\""
  }

  /// Adds a value that is JSON already.
  package mutating func add(_ key: String, json: String) {
    begin(key)
    text += json
  }

  package var closed: String { text + "}" }

  private mutating func begin(_ key: String) {
    if text.utf8.count > 1 { text += "," }
    Self.append(key, to: &text)
    text += ":"
  }

  package static func quoted(_ value: String) -> String {
    var text = ""
    append(value, to: &text)
    return text
  }

  private static func append(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\" + String(scalar)
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
