import Terminal

/// A screen with one of everything, for the golden files.
func sampler(_ presentation: Presentation) -> [StyledText] {
  widgets(presentation) + [""] + code + [""]
    + TextRole.allCases.map { StyledText($0.rawValue, $0) }
}

/// What has to keep to a width.
func widgets(_ presentation: Presentation) -> [StyledText] {
  var screen = StyledText("Mapping and filtering", .heading).wrapped(to: presentation.width)
  screen.append("")
  let prose: StyledText =
    "A NAT keeps a \("mapping", .plain, emphasis: .italic) for each inside transport address: \("10.0.0.2:5000", .code) becomes \("203.0.113.7:40000", .code) → and the reply finds its way back. 漢字 and e\u{301} count for what they take; a bell (\u{7}) is only shown."
  screen += presentation.prepared(prose).wrapped(to: presentation.proseWidth)
  screen += presentation.prepared("Use `let table = try NATTable(configuration)` to build one.")
    .wrapped(
      to: presentation.proseWidth,
      first: StyledText("\(presentation.symbols.bullet) "), continuation: "  ")
  screen.append("")
  let table = TextTable(
    columns: [.init("inside"), .init("outside"), .init("expires", .trailing), .init("note")],
    rows: [
      [
        "10.0.0.2:5000", StyledText("203.0.113.7:40000", .code), "120 s",
        "made by the first packet",
      ],
      ["10.0.0.3:5000", StyledText("203.0.113.7:40001", .code), "95.5 s", "the port was taken"],
    ])
  screen += table.lines(presentation)
  screen.append("")
  let dump = HexDump(
    [0x00, 0x01, 0x00, 0x08, 0x21, 0x12, 0xA4, 0x42]
      + [UInt8](repeating: 0x5A, count: 12) + [0x80, 0x22, 0x00, 0x04, 0x70, 0x61, 0x74, 0x68],
    ranges: [
      .init(0..<2, "message type: Binding request"), .init(2..<4, "message length: 8"),
      .init(4..<8, "magic cookie"), .init(8..<20, "transaction ID"),
      .init(20..<28, "SOFTWARE: \("path", .string)"),
    ])
  screen += dump.lines(presentation)
  screen.append("")
  screen += HexDump((0..<20).map { UInt8($0) }).lines(presentation)
  screen.append("")
  screen.append(ProgressBar("NAT", done: 3, total: 8).line(presentation))
  screen.append(ProgressBar("STUN", done: 8, total: 8).line(presentation))
  screen.append("")
  let difference = Difference(
    expected: "1\n2\n3\n4\n5\n6\nmapped 203.0.113.7:40000\nsame\n",
    actual: "1\n2\n3\n4\n5\n6\nmapped 203.0.113.7:40001\nsame\nextra\n")
  screen += difference.lines(presentation)
  return screen
}

private let code = SwiftLexer.highlight(
  """
  /* nested /* comment */ here */
  @main struct Agent: Sendable {
    let text = "a \\(name + "b") c", raw = #"\\(no) \\#(yes)"#  // why
    let number = 0xFF + 1_000.5e-3
  }
  """)
