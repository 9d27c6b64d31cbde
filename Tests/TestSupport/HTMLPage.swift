import Testing

/// A page taken apart as far as tests need: its elements, checked to nest and to close.
public struct HTMLPage {
  public struct Element {
    public var name: String
    public var attributes: [String: String]
    /// The names of the elements that it stands in, the outermost first.
    public var ancestors: [String]
    public var text = ""
  }

  public private(set) var elements: [Element] = []
  /// What is not as HTML that is written with care should be.
  public private(set) var complaints: [String] = []

  static let void: Set = ["meta", "link", "br", "hr", "img", "input"]

  public init(_ html: String) {
    var open: [Int] = []
    var rest = html[...]
    guard rest.hasPrefix("<!DOCTYPE html>\n") else {
      complaints.append("no doctype")
      return
    }
    rest = rest.dropFirst("<!DOCTYPE html>\n".count)
    while let start = rest.firstIndex(of: "<") {
      let text = Self.unescaped(rest[..<start], &complaints)
      for index in open { elements[index].text += text }
      guard let end = rest[start...].firstIndex(of: ">") else {
        complaints.append("a tag that does not end")
        return
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        guard let last = open.popLast(), elements[last].name == tag.dropFirst() else {
          complaints.append("</\(tag.dropFirst())> closes nothing")
          return
        }
      } else {
        // As elements of SVG end that hold nothing.
        let isWhole = tag.hasSuffix("/")
        var element = Self.element(isWhole ? tag.dropLast() : tag, &complaints)
        element.ancestors = open.map { elements[$0].name }
        elements.append(element)
        if !isWhole, !Self.void.contains(element.name) { open.append(elements.count - 1) }
      }
    }
    if !open.isEmpty { complaints.append("<\(elements[open.last!].name)> is never closed") }
  }

  private static func element(_ tag: Substring, _ complaints: inout [String]) -> Element {
    let name = tag.prefix { !$0.isWhitespace }
    if name.isEmpty || !name.allSatisfy({ $0.isLowercase || $0.isNumber }) {
      complaints.append("<\(tag)> is no tag")
    }
    var attributes: [String: String] = [:]
    var rest = tag.dropFirst(name.count)
    while let start = rest.firstIndex(where: { !$0.isWhitespace }) {
      let parts = rest[start...].split(separator: "=\"", maxSplits: 1)
      guard parts.count == 2, let end = parts[1].firstIndex(of: "\"") else {
        complaints.append("<\(tag)> has an attribute without quotes")
        break
      }
      if attributes.updateValue(unescaped(parts[1][..<end], &complaints), forKey: String(parts[0]))
        != nil
      {
        complaints.append("<\(tag)> has an attribute twice")
      }
      rest = parts[1][parts[1].index(after: end)...]
    }
    return Element(name: String(name), attributes: attributes, ancestors: [])
  }

  private static func unescaped(_ text: Substring, _ complaints: inout [String]) -> String {
    var result = ""
    for (index, piece) in text.split(separator: "&", omittingEmptySubsequences: false).enumerated()
    {
      guard index > 0 else {
        result += piece
        continue
      }
      let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"]
      let name = piece.prefix { $0 != ";" }
      guard let character = entities[String(name)] else {
        complaints.append("&\(name) is no entity")
        continue
      }
      result += character + piece.dropFirst(name.count + 1)
    }
    return result
  }

  public func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  public var ids: [String] { elements.compactMap { $0.attributes["id"] } }

  /// Everything that the page points to.
  public var links: [String] {
    elements.flatMap { [$0.attributes["href"], $0.attributes["src"]].compactMap(\.self) }
  }
}
