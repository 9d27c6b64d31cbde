/// Swift code that notes what the checks give to an answer, so that a crash can be told with it.
///
/// For each function of the skeleton it declares one of the same name in the module of the checks,
/// which hides the answer's and calls it. What was given is turned into text by a crash alone.
struct CallRecorder {
  /// The functions that are recorded.
  private(set) var functions: [Function] = []
  private let imports: [Substring]

  /// A function of the skeleton, at the top level of its file.
  struct Function: Hashable {
    var name: String
    /// The parameters as they are declared, without parentheses.
    var parameterList: String
    var parameters: [Parameter]
    /// The result type; empty where there is none.
    var result: String

    /// `func name(_ packet: Packet) -> Bool`
    var declaration: String {
      "func \(name)(\(parameterList))" + (result.isEmpty ? "" : " -> \(result)")
    }
  }

  struct Parameter: Hashable {
    var label: String
    var name: String
    var type: String

    var isInout: Bool { type.hasPrefix("inout ") }
    var isFunction: Bool { type.contains("->") }
  }

  /// The function of the library that is written, for the runner to find.
  static let description = "workbook_describe_call"

  /// Finds the functions of a skeleton.
  ///
  /// Generic, throwing and asynchronous functions are left out: they are called without being noted.
  init(skeleton: String) {
    let lines = skeleton.split(separator: "\n", omittingEmptySubsequences: false)
    imports = lines.filter { $0.hasPrefix("import ") }
    for (index, line) in lines.enumerated() where line.hasPrefix("func ") {
      let rest = lines[index...].joined(separator: "\n").dropFirst("func ".count)
      if let function = Self.function(rest) { functions.append(function) }
    }
  }

  /// The first function that another file does not declare in the same way.
  func firstFunction(missingIn other: CallRecorder) -> Verdict.MissingDeclaration? {
    for function in functions where !other.functions.contains(function) {
      let found = other.functions.first { $0.name == function.name }
      return .init(expected: function.declaration, found: found?.declaration)
    }
    return nil
  }

  private static func function(_ text: Substring) -> Function? {
    guard let open = text.firstIndex(of: "("), let close = end(of: text, from: open),
      let brace = text[close...].firstIndex(of: "{")
    else { return nil }
    let name = text[..<open]
    let list = text[text.index(after: open)..<close]
    var tail = words(text[text.index(after: close)..<brace])
    if tail.hasPrefix("-> ") {
      tail = String(tail.dropFirst(3))
    } else if !tail.isEmpty {
      return nil
    }
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
    var parameters: [Parameter] = []
    for part in pieces(of: list) {
      guard let colon = part.firstIndex(of: ":") else { return nil }
      let names = part[..<colon].split { $0.isWhitespace }
      guard let label = names.first, let name = names.last else { return nil }
      let type = words(part[part.index(after: colon)...])
      parameters.append(Parameter(label: String(label), name: String(name), type: type))
    }
    return Function(
      name: String(name), parameterList: words(list), parameters: parameters, result: tail)
  }

  /// The text with single spaces.
  private static func words(_ text: Substring) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }

  /// The parenthesis that closes the one at `open`.
  private static func end(of text: Substring, from open: Substring.Index) -> Substring.Index? {
    var depth = 0
    for index in text[open...].indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  /// The parts of a list between its own commas, not those of the types in it.
  private static func pieces(of list: Substring) -> [Substring] {
    var pieces: [Substring] = []
    var depth = 0
    var start = list.startIndex
    var previous: Character = " "
    for index in list.indices {
      switch list[index] {
      case "(", "[", "<": depth += 1
      case ")", "]": depth -= 1
      case ">" where previous != "-": depth -= 1
      case "," where depth == 0:
        pieces.append(list[start..<index])
        start = list.index(after: index)
      default: break
      }
      previous = list[index]
    }
    pieces.append(list[start...])
    return pieces.filter { !$0.allSatisfy(\.isWhitespace) }
  }

  // MARK: The code

  /// The code, to be compiled with the checks.
  var source: String {
    var text = (["import Glibc"] + imports).joined(separator: "\n") + "\n"
    text += "@testable import Answer\n\n" + Self.support
    for function in functions {
      text += "\n\(function.declaration) {\n"
      var given: [String] = []
      for (index, parameter) in function.parameters.enumerated() where !parameter.isFunction {
        text += "  let given\(index) = \(parameter.name)\n"
        given.append("(\"\(parameter.name)\", given\(index))")
      }
      let arguments = function.parameters.map { parameter in
        (parameter.label == "_" ? "" : "\(parameter.label): ")
          + (parameter.isInout ? "&" : "") + parameter.name
      }
      text += "  noteCall { (\"\(function.name)\", [\(given.joined(separator: ", "))]) }\n"
      let call = "Answer.\(function.name)(\(arguments.joined(separator: ", ")))"
      text += "  return \(call)\n}\n"
    }
    return text
  }

  private static let support = """
    @_silgen_name("linux_report_crashes_of_thread") private func watchThread()

    private typealias Call = (function: String, given: [(name: String, value: Any)])
    nonisolated(unsafe) private var describeCall: (() -> Call)?

    private func noteCall(_ call: @escaping () -> Call) {
      watchThread()
      describeCall = call
    }

    private func bytes(_ bytes: [UInt8], atMost count: Int = 24) -> String {
      if bytes.isEmpty { return "no bytes" }
      let digits = bytes.prefix(count).map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }.joined(separator: " ")
      return bytes.count > count ? "\\(digits) ... (\\(bytes.count) bytes)" : digits
    }

    private func text(_ value: Any) -> String {
      switch value {
      case let value as [UInt8]: bytes(value)
      case let value as [[UInt8]]: value.isEmpty ? "[]" : value.map { bytes($0, atMost: 4) }.joined(separator: " | ")
      case let value as String: "\\"\\(value)\\""
      default: String(describing: value)
      }
    }

    @_cdecl("\(description)") public func writeCall(_ descriptor: Int32) {
      guard let call = describeCall?() else { return }
      func write(_ line: String) {
        let line = line.prefix(400).map { $0.isNewline ? " " : String($0) }.joined() + "\\n"
        _ = line.withCString { Glibc.write(descriptor, $0, strlen($0)) }
      }
      write("call \\(call.function)")
      for (name, value) in call.given { write("given \\(name) \\(text(value))") }
    }

    """
}
