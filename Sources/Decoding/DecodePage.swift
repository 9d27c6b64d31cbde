public import Terminal

/// Decoded messages as annotated dumps, and the ladder of their transactions.
public enum DecodePage {
  public static func lines(of decoding: Decoding, _ presentation: Presentation) -> [StyledText] {
    var lines: [StyledText] = []
    for message in decoding.messages {
      if !lines.isEmpty { lines.append("") }
      lines += self.lines(of: message, presentation)
    }
    if let torn = decoding.tornEnd {
      lines += ["", problem("the capture ends in the middle: \(torn)", presentation)]
    }
    guard let frames = decoding.frames else { return lines }
    if !decoding.transactions.isEmpty {
      lines += ["", StyledText("Transactions", .heading, emphasis: .bold), ""]
      lines += ladder(decoding, presentation)
    }
    if !lines.isEmpty { lines.append("") }
    let unread = decoding.unreadFrames ?? 0
    lines.append(
      StyledText(
        "\(frames) frames, \(decoding.messages.count) messages, "
          + "\(decoding.transactions.count) transactions"
          + (unread == 0 ? "" : "; \(unread) frames not whole, or not UDP or TCP over IP"), .muted))
    return lines
  }

  static func lines(of message: DecodedMessage, _ presentation: Presentation) -> [StyledText] {
    var lines: [StyledText] = []
    if let heading = heading(of: message, presentation) { lines.append(heading) }
    lines.append(StyledText(title(of: message), .heading, emphasis: .bold))
    if message.kind == "ChannelData" {
      lines += channelDump(of: message, presentation)
    } else {
      let dump = STUNMessageDump.dump(of: message.content)
      lines.append(StyledText(dump.ruler(presentation).text, .muted))
      lines += dump.lines(presentation)
    }
    lines += findings(of: message, presentation)
    for inner in message.nested {
      lines += ["", StyledText("It carries:", .label)]
      lines += self.lines(of: inner, presentation)
    }
    return lines
  }

  private static func heading(
    of message: DecodedMessage, _ presentation: Presentation
  ) -> StyledText? {
    guard let frame = message.frame, let source = message.source,
      let destination = message.destination, message.transport != "inside"
    else { return nil }
    return StyledText(
      "Frame \(frame), \(time(message.seconds ?? 0)), \(message.transport ?? "") \(source) "
        + "\(presentation.symbols.rightArrow) \(destination)", .label)
  }

  private static func title(of message: DecodedMessage) -> String {
    switch message.kind {
    case "STUN":
      "\(message.method ?? "") \(message.class ?? ""), \(message.content.count) bytes"
    case "ChannelData":
      message.channel.map {
        "ChannelData 0x\(String($0, radix: 16)), \(message.dataLength ?? 0) bytes of data"
      } ?? "ChannelData that is not sound"
    default: "Not a sound STUN message, \(message.content.count) bytes"
    }
  }

  private static func channelDump(
    of message: DecodedMessage, _ presentation: Presentation
  ) -> [StyledText] {
    guard let length = message.dataLength else {
      return HexDump(message.content).lines(presentation)
    }
    var ranges = [
      HexDump.Range(0..<2, StyledText("Channel Number", .label)),
      HexDump.Range(2..<4, StyledText("Length", .label) + ": \(length) bytes of data"),
    ]
    if length > 0 {
      ranges.append(HexDump.Range(4..<4 + length, StyledText("Application Data", .label)))
    }
    if 4 + length < message.content.count {
      ranges.append(
        HexDump.Range(4 + length..<message.content.count, StyledText("Padding", .label)))
    }
    return HexDump(message.content, ranges: ranges).lines(presentation)
  }

  private static func findings(
    of message: DecodedMessage, _ presentation: Presentation
  ) -> [StyledText] {
    var lines: [StyledText] = []
    for check in message.integrity where check.result != "wrong" {
      lines.append(
        check.result == "verified"
          ? StyledText("\(presentation.symbols.success) ", .success)
            + "\(check.attribute) is right: the \(check.key ?? "") key fits"
          : StyledText(
            "\(check.attribute) is not checked: it needs --password, "
              + "and perhaps --username and --realm", .muted))
    }
    for found in message.problems {
      lines.append(
        problem(
          found.message.hasPrefix("byte ")
            ? found.message : "byte \(found.offset), \(found.field): \(found.message)",
          presentation))
    }
    return lines.flatMap { $0.wrapped(to: presentation.width, continuation: "    ") }
  }

  private static func problem(_ text: String, _ presentation: Presentation) -> StyledText {
    StyledText("\(presentation.symbols.failure) ", .failure) + StyledText(text)
  }

  /// Each transaction as an arrow there and an arrow back, in the order of time.
  private static func ladder(
    _ decoding: Decoding, _ presentation: Presentation
  ) -> [StyledText] {
    let (right, left) = (presentation.symbols.rightArrow, presentation.symbols.leftArrow)
    var rungs: [(seconds: Double, text: StyledText)] = []
    for transaction in decoding.transactions {
      for (index, seconds) in transaction.requestSeconds.enumerated() {
        rungs.append(
          (
            seconds,
            StyledText("\(transaction.client) ") + StyledText(right, .key)
              + StyledText(" \(transaction.server)  \(transaction.method) request")
              + StyledText(index == 0 ? "" : ", sent again (\(index))", .warning)
              + StyledText(
                transaction.hasChanged && index > 0 ? ", with other bytes" : "", .failure)
          ))
      }
      guard let seconds = transaction.responseSeconds else {
        let last = transaction.requestSeconds.last ?? 0
        rungs.append(
          (
            last,
            StyledText("\(transaction.client) ")
              + StyledText("no answer to \(transaction.transactionID)", .warning)
          ))
        continue
      }
      let trip = transaction.roundTripSeconds.map { " after \(milliseconds($0))" } ?? ""
      rungs.append(
        (
          seconds,
          StyledText("\(transaction.client) ") + StyledText(left, .key)
            + StyledText(
              " \(transaction.server)  \(transaction.method) \(transaction.outcome)\(trip)")
        ))
    }
    // Equal times keep their order, for sorting here is stable.
    return rungs.sorted { $0.seconds < $1.seconds }.flatMap { rung in
      (StyledText(time(rung.seconds) + "  ", .muted) + rung.text).wrapped(
        to: presentation.width, continuation: "      ")
    }
  }

  private static func time(_ seconds: Double) -> String {
    let microseconds = Int(clamping: Int64((seconds * 1e6).rounded()))
    let fraction = String(microseconds.magnitude % 1_000_000 + 1_000_000).dropFirst()
    return "\(microseconds < 0 ? "-" : "")\(microseconds.magnitude / 1_000_000).\(fraction) s"
  }

  private static func milliseconds(_ seconds: Double) -> String {
    let tenths = Int64((seconds * 1e4).rounded())
    return "\(tenths / 10).\(abs(tenths % 10)) ms"
  }
}
