import Glibc

/// The number of terminal columns that characters occupy.
///
/// Widths are those of the C library for Unicode, independent of the user's locale, corrected for
/// sequences that form one picture: flags, keycaps and joined emoji.
public enum DisplayWidth {
  /// The number of columns between tab stops.
  public static let tabStop = 8

  /// The columns of a character, 0, 1 or 2; a control character has the width of its picture.
  ///
  /// A tab counts as 1, because only `String.displayWidth` knows the column where it starts.
  public static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if first.isASCII && scalars.count == 1 {
      return 1  // Printable, or a control character shown as a picture.
    }
    if scalars.count == 1 { return of(first) }
    if character == "\r\n" { return 0 }
    if isOnePicture(scalars) { return 2 }
    return scalars.reduce(0) { $0 + of($1) }
  }

  /// The columns of a single scalar.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.needsEscape {
      return scalar.controlPicture != nil ? 1 : scalar.escape.utf8.count
    }
    if scalar.isASCII { return 1 }
    return max(0, libraryWidth(of: scalar))
  }

  /// Whether a grapheme cluster is drawn as a single double-width picture.
  private static func isOnePicture(_ scalars: Character.UnicodeScalarView) -> Bool {
    var regionalIndicators = 0
    var joined = false
    var pictures = 0
    for scalar in scalars {
      switch scalar.value {
      case 0xFE0F: return true  // VS16 asks for the coloured, wide form.
      case 0x200D: joined = true
      case 0x1F1E6...0x1F1FF: regionalIndicators += 1
      case 0x1F3FB...0x1F3FF where pictures > 0: return true  // A skin tone on what came before.
      default: if scalar.value > 0xFF && scalar.properties.isEmoji { pictures += 1 }
      }
    }
    return regionalIndicators >= 2 || (joined && pictures > 0)
  }

  private static func libraryWidth(of scalar: Unicode.Scalar) -> Int {
    guard let locale = unicodeLocale, let wcwidth else { return approximateWidth(of: scalar) }
    let previous = uselocale(locale)
    defer { uselocale(previous) }
    return Int(wcwidth(Int32(scalar.value)))
  }

  /// `wcwidth(3)`, looked up because its header hides it from Swift behind a feature macro.
  private static let wcwidth: (@convention(c) @Sendable (Int32) -> Int32)? =
    dlsym(nil, "wcwidth").map {
      unsafeBitCast($0, to: (@convention(c) @Sendable (Int32) -> Int32).self)
    }

  /// The C.UTF-8 locale, which current C libraries contain whatever locales are installed.
  ///
  /// It is never freed and never changed after its creation, so it is safe to share.
  private nonisolated(unsafe) static let unicodeLocale: locale_t? =
    newlocale(1 << LC_CTYPE, "C.UTF-8", nil)

  /// The width by general category and wide blocks, for a C library without C.UTF-8.
  static func approximateWidth(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    switch scalar.value {
    case 0x1160...0x11FF: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}

extension String {
  /// The columns of this text on a line that starts at column 0; tabs extend to the next stop.
  ///
  /// - Complexity: O(n); a byte count for printable ASCII.
  public var displayWidth: Int { displayWidth(from: 0) }

  /// The columns that this text adds to a line that already has `column` columns.
  public func displayWidth(from column: Int) -> Int {
    if utf8.allSatisfy({ 0x20 <= $0 && $0 < 0x7F }) { return utf8.count }
    var end = column
    for character in self {
      if character == "\t" {
        end += DisplayWidth.tabStop - end % DisplayWidth.tabStop
      } else {
        end += DisplayWidth.of(character)
      }
    }
    return end - column
  }
}

extension StyledText {
  /// The columns of this text on one line.
  public var displayWidth: Int {
    if spans.count == 1 { return spans[0].text.displayWidth }
    // A grapheme cluster may span a change of style, so the widths of the spans cannot be added.
    return text.displayWidth
  }
}
