import SansIO

extension Duration {
  /// In milliseconds with one decimal: `21.4 ms`.
  var milliseconds: String {
    let tenths = (wholeNanoseconds + (self < .zero ? -50_000 : 50_000)) / 100_000
    return "\(tenths < 0 ? "−" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10) ms"
  }

  /// In seconds with two decimals: `1.04 s`.
  var seconds: String {
    let hundredths = (wholeNanoseconds + 5_000_000) / 10_000_000
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
  }
}
