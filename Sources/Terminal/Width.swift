import Glibc

/// How many columns characters take on a terminal.
///
/// The widths are the C library's for Unicode, whatever locale the user has, corrected for the
/// sequences that only make sense together: flags, keycaps and emoji joined to one picture.
public enum DisplayWidth {
  /// Columns between tab stops.
  public static let tabStop = 8

  /// The columns a character takes: 0, 1 or 2, and what its picture takes if it is a control.
  ///
  /// A tab counts 1 here, because only `String.displayWidth` knows the column it starts at.
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

  /// The columns one scalar takes by itself.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.needsEscape {
      return scalar.controlPicture != nil ? 1 : scalar.escape.utf8.count
    }
    if scalar.isASCII { return 1 }
    return max(0, libraryWidth(of: scalar))
  }

  /// Whether the scalars of one grapheme cluster are drawn as a single double-width picture.
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

  /// `wcwidth(3)`, looked up because the header hides it from Swift behind a feature macro.
  private static let wcwidth: (@convention(c) @Sendable (Int32) -> Int32)? =
    dlsym(nil, "wcwidth").map {
      unsafeBitCast($0, to: (@convention(c) @Sendable (Int32) -> Int32).self)
    }

  /// C.UTF-8 is built into current C libraries, so this does not depend on installed locales.
  ///
  /// Never freed and never changed after its creation, hence safe to share.
  private nonisolated(unsafe) static let unicodeLocale: locale_t? =
    newlocale(1 << LC_CTYPE, "C.UTF-8", nil)

  /// For a C library without C.UTF-8: categories and the main wide blocks.
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
  /// The columns this text takes on one line that starts at column 0; tabs go to the next stop.
  ///
  /// - Complexity: O(n), and a plain count for printable ASCII.
  public var displayWidth: Int { displayWidth(from: 0) }

  /// The columns this text adds to a line that already holds `column` of them.
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
  /// The columns this text takes on one line.
  public var displayWidth: Int {
    if spans.count == 1 { return spans[0].text.displayWidth }
    // A cluster may reach over a change of style, so the spans' widths don't simply add up.
    return text.displayWidth
  }
}
