/// Interprets the fences of the note format by their info string and text.
extension NoteParser {
  static let exampleAttributes =
    ["id", "predict"] + predictionAttributes + ["after", "fails", "source", "shown", "timeout"]
  static let flags: Set = ["fails", "shown"]
  static let specialLanguages = ["swift", "output", "stun"]

  /// Interprets every fence, and attaches every output to the example before it.
  mutating func readFences(_ blocks: [Block]) -> [Block] {
    var result: [Block] = []
    for var block in blocks {
      switch block.content {
      case .code(let code):
        guard let raw = codes[block.range.start.line], raw.isFenced else { break }
        let info = FenceInfo(line: source[line: block.range.start.line], range: block.range)
        let text = FencedText(
          text: code.text, range: block.range, indentation: raw.indentation)
        switch info.language {
        case "output":
          refuseAttributes(of: info)
          attachOutput(text, to: &result)
          continue
        case "swift":
          block.content = swiftFence(info, text)
        case "stun":
          refuseAttributes(of: info)
          if let bytes = hexBytes(text) {
            block.content = .stunMessage(STUNMessageFence(bytes: bytes, code: text))
          }
        default:
          // Only a word that differs by one letter is taken for a misspelling; `text` is not one of `stun`.
          if info.language.count > 3,
            let meant = Self.specialLanguages.first(where: {
              Suggestion.distance(Array($0), Array(info.language.lowercased())) == 1
            })
          {
            report(info.position, "unknown fence '\(info.language)'; did you mean '\(meant)'?")
          }
        }
      case .quote(let children): block.content = .quote(readFences(children))
      case .callout(var callout):
        callout.blocks = readFences(callout.blocks)
        block.content = .callout(callout)
      case .list(var list):
        list.items = list.items.map { readFences($0) }
        block.content = .list(list)
      case .details(var details):
        details.blocks = readFences(details.blocks)
        block.content = .details(details)
      default: break
      }
      result.append(block)
    }
    return result
  }

  private mutating func refuseAttributes(of info: FenceInfo) {
    for attribute in info.attributes {
      report(
        attribute.position,
        "a fence '\(info.language)' takes no attributes; remove '\(attribute.name)'")
    }
  }

  private mutating func attachOutput(_ output: FencedText, to blocks: inout [Block]) {
    let last = blocks.lastIndex { if case .example = $0.content { true } else { false } }
    guard let last, case .example(var example) = blocks[last].content else {
      report(
        output.range.start,
        "an output with no example before it; put it behind a fence ```swift id=…")
      return
    }
    guard example.output == nil else {
      report(
        output.range.start, "example '\(example.id)' has an output already; one of them must go")
      return
    }
    example.output = output
    blocks[last].content = .example(example)
  }

  // MARK: Swift

  private mutating func swiftFence(_ info: FenceInfo, _ code: FencedText) -> Block.Content {
    var values: [String: FenceInfo.Attribute] = [:]
    for attribute in info.attributes {
      let name = attribute.name
      guard Self.exampleAttributes.contains(name) else {
        let hint = Suggestion.phrase(for: name, among: Self.exampleAttributes)
        report(
          attribute.position,
          "unknown attribute '\(name)'"
            + (hint.isEmpty
              ? "; known are \(Self.exampleAttributes.joined(separator: ", "))" : hint))
        continue
      }
      if attribute.isUnclosed {
        report(
          attribute.valuePosition,
          "this quotation mark is not closed; the value ends with one and a blank behind it")
      }
      if Self.flags.contains(name), attribute.value != nil {
        report(attribute.position, "'\(name)' takes no value; write '\(name)' alone")
      }
      if !Self.flags.contains(name), name != "predict", attribute.value ?? "" == "" {
        report(attribute.position, "'\(name)' needs a value: \(name)=…")
        continue
      }
      if values.updateValue(attribute, forKey: name) != nil {
        report(attribute.position, "'\(name)' stands here twice; remove one")
      }
    }
    refuseConflicts(values)
    if values["shown"] != nil { return .code(CodeBlock(language: "swift", text: code.text)) }
    if let sourceAttribute = values["source"] { return quotation(sourceAttribute, code) }
    return .example(example(values, info, code))
  }

  private mutating func refuseConflicts(_ values: [String: FenceInfo.Attribute]) {
    func refuse(_ names: [String], with owner: String) {
      guard values[owner] != nil else { return }
      for name in names {
        guard let attribute = values[name] else { continue }
        report(attribute.position, "'\(name)' has no meaning beside '\(owner)'; remove one of them")
      }
    }
    let asks = ["predict"] + Self.predictionAttributes
    refuse(["id"] + asks + ["after", "fails", "source", "timeout"], with: "shown")
    refuse(["id"] + asks + ["after", "fails", "timeout"], with: "source")
    refuse(asks + ["timeout"], with: "fails")
  }

  private mutating func quotation(
    _ attribute: FenceInfo.Attribute, _ code: FencedText
  ) -> Block.Content {
    let parts = (attribute.value ?? "").split(separator: "#", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      report(
        attribute.valuePosition, "a source is PATH#REGION, such as Sources/ICE/Pair.swift#priority")
      return .code(CodeBlock(language: "swift", text: code.text))
    }
    return .quotation(
      Quotation(
        path: String(parts[0]), region: String(parts[1]), position: attribute.valuePosition,
        code: code))
  }

  private mutating func example(
    _ values: [String: FenceInfo.Attribute], _ info: FenceInfo, _ code: FencedText
  ) -> Example {
    exampleCount += 1
    var id = "example-\(exampleCount)"
    if let attribute = values["id"], let value = attribute.value {
      id = value
      if !Self.isID(value) {
        report(
          attribute.valuePosition,
          "id '\(value)' may hold only lower-case letters, digits and hyphens")
      } else if let first = exampleIDs[value] {
        report(
          attribute.valuePosition, "id '\(value)' is taken by the example at line \(first.line)")
      } else {
        exampleIDs[value] = attribute.valuePosition
      }
    } else if !info.attributes.contains(where: { $0.name == "id" }) {
      report(
        info.position,
        "a Swift fence needs an id: ```swift id=…, or 'shown' where it is not to be compiled")
    }
    var timeLimit: Int?
    if let attribute = values["timeout"] {
      timeLimit = attribute.value.flatMap(Int.init).flatMap { (1...60).contains($0) ? $0 : nil }
      if timeLimit == nil {
        report(attribute.valuePosition, "a timeout is a whole number of seconds from 1 to 60")
      }
    }
    refuseWhatNoFunctionHolds(in: code)
    return Example(
      id: id, mode: values["fails"] == nil ? .runs : .fails,
      prediction: values["fails"] == nil ? prediction(values) : nil,
      after: values["after"].flatMap { attribute in
        attribute.value.map { Example.Reference(name: $0, position: attribute.valuePosition) }
      },
      timeLimit: timeLimit, code: code, output: nil)
  }

  static func isID(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
      }
  }

  /// Reports declarations that cannot stand in a function body, such as imports and extensions.
  private mutating func refuseWhatNoFunctionHolds(in code: FencedText) {
    var isInString = false
    for (offset, line) in code.lines.enumerated() {
      if !isInString {
        let words = line.split(separator: " ", maxSplits: 3)
        let modifiers: Set<Substring> = ["public", "private", "fileprivate", "internal", "package"]
        let first = words.first { !modifiers.contains($0) && !$0.hasPrefix("@") }
        if let first, first == "import" || first == "extension", words.count > 1 {
          report(
            SourcePosition(
              line: code.firstLine + offset,
              column: code.indentation + line.prefix { $0 == " " }.count + 1),
            "an example is the body of a function and holds no \(first); "
              + (first == "import"
                ? "every library is imported already"
                : "write a function, or put the extension into the library"))
        }
      }
      if line.split(separator: "\"\"\"", omittingEmptySubsequences: false).count % 2 == 0 {
        isInString.toggle()
      }
    }
  }

  // MARK: STUN

  private mutating func hexBytes(_ code: FencedText) -> [UInt8]? {
    var digits: [UInt8] = []
    for (offset, line) in code.lines.enumerated() {
      for (column, character) in line.enumerated() where !character.isWhitespace {
        guard character.isASCII, let digit = character.hexDigitValue else {
          report(
            SourcePosition(line: code.firstLine + offset, column: code.indentation + column + 1),
            "'\(character)' is no hex digit; a fence 'stun' holds hex digits and blanks alone")
          return nil
        }
        digits.append(UInt8(digit))
      }
    }
    guard digits.count.isMultiple(of: 2), !digits.isEmpty else {
      report(
        code.range.start, "a fence 'stun' holds whole bytes; here are \(digits.count) hex digits")
      return nil
    }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
