/// The visible forms of control characters.
public enum ControlStyle: Hashable, Sendable {
  /// `␛` if Unicode has a picture for the character, else `\u{9B}`.
  case pictures
  /// `\u{1B}`, which needs only ASCII and suits screen readers.
  case escapes
}

extension Unicode.Scalar {
  /// Whether this scalar could control a terminal or change the order in which text is displayed.
  ///
  /// Line feed and tab are excluded, because layout interprets them.
  var needsEscape: Bool {
    switch value {
    case 0x09, 0x0A: false
    case 0x00...0x1F, 0x7F...0x9F: true  // C0, DEL, C1: escape sequences start with these.
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x206F: true  // Bidirectional controls.
    case 0x2028, 0x2029, 0xFEFF, 0xFFF9...0xFFFB: true  // Other invisible marks.
    default: false
    }
  }

  /// The Unicode picture of a C0 control or DEL.
  var controlPicture: Unicode.Scalar? {
    switch value {
    case 0x00...0x1F: Unicode.Scalar(0x2400 + value)
    case 0x7F: "\u{2421}"
    default: nil
    }
  }

  /// The scalar as a Swift literal writes it: `\u{1B}`.
  var escape: String {
    "\\u{" + String(value, radix: 16, uppercase: true) + "}"
  }
}

extension String {
  /// This text with control characters made visible; line feeds and tabs are kept.
  ///
  /// A carriage return before a line feed is dropped. The operation is idempotent.
  /// - Complexity: O(n); text without such characters is returned unchanged.
  public func sanitised(_ style: ControlStyle) -> String {
    if utf8.allSatisfy({ (0x20 <= $0 && $0 < 0x7F) || $0 == 0x0A || $0 == 0x09 }) { return self }
    guard unicodeScalars.contains(where: \.needsEscape) else { return self }
    var result = String.UnicodeScalarView()
    var index = unicodeScalars.startIndex
    while index < unicodeScalars.endIndex {
      let scalar = unicodeScalars[index]
      unicodeScalars.formIndex(after: &index)
      if !scalar.needsEscape {
        result.append(scalar)
      } else if scalar == "\r", index < unicodeScalars.endIndex, unicodeScalars[index] == "\n" {
        continue
      } else if style == .pictures, let picture = scalar.controlPicture {
        result.append(picture)
      } else {
        result.append(contentsOf: scalar.escape.unicodeScalars)
      }
    }
    return String(result)
  }
}

extension StyledText {
  /// This text with control characters made visible; line feeds and tabs are kept.
  public func sanitised(_ style: ControlStyle) -> StyledText {
    mapText { $0.sanitised(style) }
  }

  /// This line with its tabs expanded to spaces.
  public func expandingTabs() -> StyledText {
    guard spans.contains(where: { $0.text.utf8.contains(0x09) }) else { return self }
    var column = 0
    return mapText { text in
      var expanded = ""
      for character in text {
        switch character {
        case "\t":
          let spaces = DisplayWidth.tabStop - column % DisplayWidth.tabStop
          expanded += String(repeating: " ", count: spaces)
          column += spaces
        case "\n":
          expanded.append(character)
          column = 0
        default:
          expanded.append(character)
          column += DisplayWidth.of(character)
        }
      }
      return expanded
    }
  }
}
