import FoundationEssentials
public import NoteFormat
import Terminal

/// A picture that an example has shown with `show(_:)`, in its forms for different pages.
public struct ShownPicture: Hashable, Sendable, Decodable {
  /// The text, as it stands in the output.
  public var text: String
  /// The text for narrower pages, the widest first.
  public var narrower: [String]
  /// The same in words; nil where the text serves for that.
  public var words: String?
  /// The same as an SVG picture.
  public var svg: String

  /// The form for a page: the widest that fits, and words where nothing is drawn.
  func form(for presentation: Presentation) -> String {
    guard !presentation.plain, presentation.unicode else { return words ?? text }
    let drawn = ([text] + narrower).first { Self.width($0) <= presentation.width }
    return drawn ?? words ?? text
  }

  private static func width(_ text: String) -> Int {
    text.split(separator: "\n").map { String($0).displayWidth }.max() ?? 0
  }
}

/// The pictures that came beside an example's output.
///
/// The example's process writes each as a line, a JSON object (`PictureStream` in `NotePictures`).
public struct ShownPictures: Hashable, Sendable {
  /// The pictures, the first shown first.
  public private(set) var pictures: [ShownPicture] = []
  /// Why what came cannot be used, as a clause; nil if all can.
  public private(set) var problem: String?

  /// The stream from the example's process.
  static let stream = ChildProcess.SideStream(variable: "WORKBOOK_PICTURES", bytes: 4 << 20)
  /// The most pictures of one example.
  static let most = 64
  private static let version = 1

  private struct Opening: Decodable {
    var version: Int
  }

  /// No pictures.
  public init() {}

  /// Reads what came on the stream; nothing of it is used if a part cannot be.
  init(reading bytes: [UInt8]) {
    guard bytes.count <= Self.stream.bytes else {
      problem = "its pictures are more than \(Self.stream.bytes >> 20) MiB"
      return
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard lines.count <= Self.most else {
      problem = "it shows more than \(Self.most) pictures"
      return
    }
    for (index, line) in lines.enumerated() {
      guard let picture = Self.picture(Data(line)) else {
        pictures = []
        problem = "its picture \(index + 1) cannot be read"
        return
      }
      pictures.append(picture)
    }
  }

  private static func picture(_ line: Data) -> ShownPicture? {
    let decoder = JSONDecoder()
    guard let opening = try? decoder.decode(Opening.self, from: line), opening.version == version,
      let picture = try? decoder.decode(ShownPicture.self, from: line), !picture.text.isEmpty
    else { return nil }
    return picture
  }

  // MARK: In the output

  /// A part of an output.
  public enum Part: Hashable, Sendable {
    case text(String)
    case picture(ShownPicture)
  }

  /// The output in parts: where a picture's text stands in whole lines, the picture.
  ///
  /// - Complexity: O(the output's length ⋅ the number of pictures).
  public func parts(of output: String) -> [Part] {
    var parts: [Part] = []
    var rest = Array(output.utf8)[...]
    for picture in pictures {
      guard let range = Self.lines(Array(picture.text.utf8), in: rest) else { continue }
      if range.lowerBound > rest.startIndex {
        parts.append(.text(String(decoding: rest[..<range.lowerBound], as: UTF8.self)))
      }
      parts.append(.picture(picture))
      // The picture's last line ends as any line of the output does.
      rest = rest[range.upperBound...].dropFirst()
    }
    if !rest.isEmpty { parts.append(.text(String(decoding: rest, as: UTF8.self))) }
    return parts
  }

  /// The output with each picture in the form for a page.
  func fitted(_ output: String, to presentation: Presentation) -> String {
    parts(of: output).map { part in
      switch part {
      case .text(let text): text
      case .picture(let picture): picture.form(for: presentation) + "\n"
      }
    }.joined()
  }

  /// Where a text first stands as whole lines.
  ///
  /// By the algorithm of Knuth, Morris and Pratt: in linear time, whatever an example has printed.
  private static func lines(_ text: [UInt8], in output: ArraySlice<UInt8>) -> Range<Int>? {
    // For each beginning of the text, how long its longest end is that is a beginning, too.
    var borders = [0]
    var matched = 0
    for byte in text.dropFirst() {
      while matched > 0, text[matched] != byte { matched = borders[matched - 1] }
      if text[matched] == byte { matched += 1 }
      borders.append(matched)
    }
    matched = 0
    for (index, byte) in zip(output.indices, output) {
      while matched > 0, text[matched] != byte { matched = borders[matched - 1] }
      if text[matched] == byte { matched += 1 }
      guard matched == text.count else { continue }
      let range = (index + 1 - text.count)..<(index + 1)
      if isWhole(range, in: output) { return range }
      matched = borders[matched - 1]
    }
    return nil
  }

  private static func isWhole(_ range: Range<Int>, in output: ArraySlice<UInt8>) -> Bool {
    let lineFeed = UInt8(ascii: "\n")
    let begins =
      range.lowerBound == output.startIndex || output[range.lowerBound - 1] == lineFeed
    return begins && (range.upperBound == output.endIndex || output[range.upperBound] == lineFeed)
  }
}

extension Example {
  /// Whether the example itself shows networks, by the look of its code.
  public var showsPictures: Bool {
    mode == .runs && code.text.contains(#/\bshow\(/#)
  }
}
