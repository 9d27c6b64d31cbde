/// The forms of a name that links use.
public enum Slug {
  /// The heading in the form that GitHub gives its anchor: lower case, spaces to hyphens, no marks.
  public static func anchor(_ heading: String) -> String {
    var anchor = ""
    for scalar in heading.lowercased().unicodeScalars {
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" {
        anchor.unicodeScalars.append(scalar)
      } else if scalar == " " || scalar == "-" {
        anchor.append("-")
      }
    }
    return anchor
  }

  /// Splits a note's file name: `02-nat-table.md` is number 2 and slug `nat-table`.
  public static func parts(ofFile path: String) -> (number: Int?, slug: String) {
    var name = path.split(separator: "/").last.map(String.init) ?? path
    if name.hasSuffix(".md") { name.removeLast(3) }
    let digits = name.prefix { $0.isASCII && $0.isNumber }
    let rest = name.dropFirst(digits.count)
    guard let number = Int(digits), rest.first == "-", rest.count > 1 else { return (nil, name) }
    return (number, String(rest.dropFirst()))
  }

  /// The name as it is compared: upper and lower case, blanks, hyphens and underscores alike.
  public static func normalised(_ name: String) -> String {
    var result = ""
    for character in name.lowercased() where !"-_ \t".contains(character) {
      result.append(character)
    }
    return result
  }
}
