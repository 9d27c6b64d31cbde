import TestSupport

/// One field as tshark names it, and how the program's JSON says the same.
struct Field: Sendable {
  let name: String
  private let ofMessage: @Sendable (Decoded.Message) -> String?
  private let ofAttribute: @Sendable (Decoded.Message.Attribute, Decoded.Message) -> [String]

  /// A field of a message's header, or of ChannelData's.
  init(_ name: String, header value: @escaping @Sendable (Decoded.Message) -> String?) {
    self.name = name
    ofMessage = value
    ofAttribute = { _, _ in [] }
  }

  /// A field that some attributes have, once or several times.
  init(
    _ name: String, _ values: @escaping @Sendable (Decoded.Message.Attribute) -> [String]
  ) {
    self.init(name) { attribute, _ in values(attribute) }
  }

  init(
    _ name: String,
    inMessage values: @escaping @Sendable (Decoded.Message.Attribute, Decoded.Message) -> [String]
  ) {
    self.name = name
    ofMessage = { _ in nil }
    ofAttribute = values
  }

  /// A field that some attributes have, under a name of ours.
  init(
    _ name: String, of attributes: Set<String>, as part: String,
    _ spelled: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.init(name) { attribute in
      guard attributes.contains(attribute.name), let text = attribute.fields[part] else {
        return []
      }
      return [spelled(text)]
    }
  }

  /// The whole value of an attribute in hexadecimal.
  init(_ name: String, valueOf attributes: Set<String>, prefix: String = "") {
    self.init(name) { attribute in
      attributes.contains(attribute.name) && attribute.length > 0 ? [prefix + attribute.value] : []
    }
  }

  /// The values in a message and in what it carries, in tshark's order: what DATA carries comes
  /// before the attributes behind it.
  func values(in message: Decoded.Message) -> [String] {
    var values = ofMessage(message).map { [$0] } ?? []
    let carried = message.nested.flatMap { self.values(in: $0) }
    for attribute in message.attributes {
      values += ofAttribute(attribute, message)
      if attribute.name == "DATA" { values += carried }
    }
    return message.kind == "ChannelData" ? values + carried : values
  }

  /// The names of all fields of STUN that the installed tshark has.
  static func namesInTshark() throws -> [String] {
    let result = try Program.run("tshark", ["-G", "fields"], limit: 64 << 20)
    return result.output.split(separator: "\n").compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard columns.count > 2, columns[0] == "F", columns[2].hasPrefix("stun.") else { return nil }
      return String(columns[2])
    }
  }
}
