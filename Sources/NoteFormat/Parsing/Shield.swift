/// Placeholders for what CommonMark would take apart: formulas, footnotes and `\~`.
///
/// cmark knows none of them: it would read `\,` in a formula as an escaped comma, `_` as emphasis, and
/// `[^1]: word` as the definition of a link. So it gets a text of as many lines with placeholders in
/// their place, and what it hands back is restored. A `$$` on a line of its own becomes a fence, and
/// a footnote's definition an item of a list, for cmark to find where they end.
struct Shield {
  /// What a placeholder stands for.
  enum Piece {
    case formula(Formula)
    case footnote(FootnoteReference)
    case definition(FootnoteReference)
    case literal(String)
  }

  /// The text for cmark.
  private(set) var text: SourceText
  /// What the placeholders stand for, and how that was written.
  private var pieces: [(source: String, piece: Piece)] = []
  /// What stands on the lines of the `$$` around a formula, by the line that opens it.
  private(set) var displays: [Int: (head: String, tail: String)] = [:]

  /// The noncharacters around a placeholder's number.
  private static let start = Unicode.Scalar(0xFDD0 as UInt32)!
  private static let end = Unicode.Scalar(0xFDD1 as UInt32)!
  private static let fence = "~~~~~~~~~~~~"

  /// Whether a text has anything to shield, judged without knowledge of its code.
  static func isNeeded(for source: SourceText, footnotes: FootnoteNumbers) -> Bool {
    if !footnotes.byName.isEmpty, source.contains("[^") { return true }
    if source.contains("\\~") || source.contains("$$") { return true }
    guard source.contains("$") else { return false }
    return (1...source.lineCount).contains { number in
      let line = source[line: number]
      guard let first = line.firstIndex(of: UInt8(ascii: "$")) else { return false }
      let closers = DollarSigns(line).closers
      return closers.contains { $0 > first + 1 }
    }
  }

  /// Replaces what is outside code.
  ///
  /// - Parameter isCode: whether a line, counted from 1, is part of a code block or of raw HTML.
  /// - Complexity: O(*n*) in the length of the text.
  init(_ source: SourceText, footnotes: FootnoteNumbers, isCode: (Int) -> Bool) {
    text = source
    var result: [UInt8] = []
    result.reserveCapacity(source.bytes.count + source.bytes.count / 8)
    let endings = DisplayFormulas(source)
    var number = 1
    while number <= source.lineCount {
      if number > 1 { result.append(UInt8(ascii: "\n")) }
      let line = source[line: number]
      guard !isCode(number) else {
        result += line
        number += 1
        continue
      }
      if let display = endings.formula(at: number) {
        displays[number] = (display.head, display.tail)
        result += line.prefix(display.indentation) + Array(Self.fence.utf8)
        for inner in (number + 1)..<display.end {
          result.append(UInt8(ascii: "\n"))
          result += source[line: inner]
        }
        result.append(UInt8(ascii: "\n"))
        result += source[line: display.end].prefix(display.indentation) + Array(Self.fence.utf8)
        number = display.end + 1
        continue
      }
      append(line, footnotes, to: &result)
      number += 1
    }
    text = SourceText(file: source.file, text: String(decoding: result, as: UTF8.self))
  }

  // MARK: Within a line

  private mutating func append(
    _ line: ArraySlice<UInt8>, _ footnotes: FootnoteNumbers, to result: inout [UInt8]
  ) {
    let marks = line.contains { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "~") }
    guard marks || (!footnotes.byName.isEmpty && line.contains(UInt8(ascii: "^"))) else {
      result += line
      return
    }
    var dollars = DollarSigns(line)
    var code = CodeSpans(line)
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      let next = index + 1 < line.endIndex ? line[index + 1] : 0
      switch byte {
      case UInt8(ascii: "`"):
        let end = code.end(ofRunAt: index)
        result += line[index..<end]
        index = end
      case UInt8(ascii: "\\") where next == UInt8(ascii: "~"):
        place(.literal("~"), line[index..<(index + 2)], in: &result)
        index += 2
      case UInt8(ascii: "\\") where next != 0:
        result += line[index..<(index + 2)]
        index += 2
      case UInt8(ascii: "$"):
        if let (range, isDisplay) = dollars.formula(at: index) {
          let formula = Formula(
            text: String(decoding: line[range], as: UTF8.self).trimmed, isDisplay: isDisplay)
          let end = range.upperBound + (isDisplay ? 2 : 1)
          place(.formula(formula), line[index..<end], in: &result)
          index = end
        } else {
          let count = next == byte ? 2 : 1
          result += line[index..<(index + count)]
          index += count
        }
      case UInt8(ascii: "[") where next == UInt8(ascii: "^"):
        guard let mark = FootnoteMark(in: line, at: index), let number = footnotes.byName[mark.name]
        else {
          result += line[index..<(index + 2)]
          index += 2
          break
        }
        let reference = FootnoteReference(name: mark.name, number: number)
        index = mark.range.upperBound
        if mark.isDefinition {
          // The item ends where a line is indented by less than four columns, as the footnote does.
          result.removeLast(mark.range.lowerBound - line.startIndex)
          result += Array("+   ".utf8)
          place(.definition(reference), line[mark.range], in: &result)
          index += 1
          while index < line.endIndex, line[index] == UInt8(ascii: " ") { index += 1 }
        } else {
          place(.footnote(reference), line[mark.range], in: &result)
        }
      default:
        result.append(byte)
        index += 1
      }
    }
  }

  private mutating func place(
    _ piece: Piece, _ source: ArraySlice<UInt8>, in result: inout [UInt8]
  ) {
    result += Array("\(Self.start)\(pieces.count)\(Self.end)".utf8)
    pieces.append((String(decoding: source, as: UTF8.self), piece))
  }

  // MARK: Restoring

  /// Calls `body` with each run of plain text and each piece, in order.
  private func forEachPart(of text: String, _ body: (Substring, Int?) -> Void) {
    var rest = text.unicodeScalars[...]
    var plain = rest.startIndex
    while let opening = rest.firstIndex(of: Self.start) {
      rest = rest[opening...].dropFirst()
      guard let closing = rest.prefix(20).firstIndex(of: Self.end),
        let number = Int(String(rest[..<closing])), pieces.indices.contains(number)
      else { continue }
      if plain < opening { body(text[plain..<opening], nil) }
      rest = rest[closing...].dropFirst()
      plain = rest.startIndex
      body("", number)
    }
    if plain < text.endIndex { body(text[plain...], nil) }
  }

  /// The text as it was written, for code and addresses.
  func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(Self.start) else { return text }
    var result = ""
    forEachPart(of: text) { plain, piece in
      result += piece.map { pieces[$0].source } ?? String(plain)
    }
    return result
  }

  /// The inline elements with formulas and references in the place of their placeholders.
  func restored(_ inlines: [Inline]) -> [Inline] {
    guard !pieces.isEmpty else { return inlines }
    var result: [Inline] = []
    for inline in inlines {
      switch inline {
      case .strikethrough(let children): result.append(.strikethrough(restored(children)))
      case .wikiLink(let link): result.append(.wikiLink(restored(link)))
      case .embed(let link): result.append(.embed(restored(link)))
      case .text(let text) where text.unicodeScalars.contains(Self.start):
        forEachPart(of: text) { plain, piece in
          switch piece.map({ pieces[$0].piece }) {
          case .formula(let formula): result.append(.math(formula))
          case .footnote(let reference): result.append(.footnote(reference))
          case .definition: break
          case .literal(let literal): result.append(.text(literal))
          case nil: result.append(.text(String(plain)))
          }
        }
      default: result.append(inline)
      }
    }
    return result
  }

  private func restored(_ link: WikiLink) -> WikiLink {
    var link = link
    link.target = restored(link.target)
    link.section = link.section.map { restored($0) }
    link.label = link.label.map { restored($0) }
    return link
  }

  /// The footnote that a text defines: that of the placeholder at its beginning; nil for none.
  func definition(at text: String) -> FootnoteReference? {
    guard text.unicodeScalars.first == Self.start else { return nil }
    let digits = text.unicodeScalars.dropFirst().prefix { $0 != Self.end }.prefix(20)
    guard let number = Int(String(String.UnicodeScalarView(digits))),
      pieces.indices.contains(number), case .definition(let reference) = pieces[number].piece
    else { return nil }
    return reference
  }
}

/// The code spans of a line, which hold no formulas.
private struct CodeSpans {
  private let line: ArraySlice<UInt8>
  /// The starts of the runs of backticks by their length, the last one first.
  private var runs: [Int: [Int]] = [:]

  init(_ line: ArraySlice<UInt8>) {
    self.line = line
    var index = line.startIndex
    while let start = line[index...].firstIndex(of: UInt8(ascii: "`")) {
      let end = line[start...].firstIndex { $0 != UInt8(ascii: "`") } ?? line.endIndex
      runs[end - start, default: []].append(start)
      index = end
    }
    for length in runs.keys { runs[length]?.reverse() }
  }

  /// The end of the code span that begins with a run of backticks, or that of the run alone.
  mutating func end(ofRunAt start: Int) -> Int {
    let end = line[start...].firstIndex { $0 != UInt8(ascii: "`") } ?? line.endIndex
    let length = end - start
    while let first = runs[length]?.last, first <= start { runs[length]?.removeLast() }
    return runs[length]?.last.map { $0 + length } ?? end
  }
}
