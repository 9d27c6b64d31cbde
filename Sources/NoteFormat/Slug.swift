/// Conversions of names to the forms used in links.
public enum Slug {
  /// The anchor that GitHub gives a heading: lower case, hyphens for spaces, no punctuation.
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

  /// Splits the file name of a note: `02-nat-table.md` has number 2 and slug `nat-table`.
  public static func parts(ofFile path: String) -> (number: Int?, slug: String) {
    var name = path.split(separator: "/").last.map(String.init) ?? path
    if name.hasSuffix(".md") { name.removeLast(3) }
    let digits = name.prefix { $0.isASCII && $0.isNumber }
    let rest = name.dropFirst(digits.count)
    guard let number = Int(digits), rest.first == "-", rest.count > 1 else { return (nil, name) }
    return (number, String(rest.dropFirst()))
  }

  /// The name for comparison: case, spaces, hyphens and underscores make no difference.
  public static func normalised(_ name: String) -> String {
    var result = ""
    for character in name.lowercased() where !"-_ \t".contains(character) {
      result.append(character)
    }
    return result
  }
}
