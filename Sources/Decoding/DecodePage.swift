import Capture
import MessageDump
public import Terminal

/// Decoded messages as annotated dumps.
public enum DecodePage {
  /// Appends a message with its bytes explained, what is wrong with it, and what it carries.
  public static func write(_ message: DecodedMessage, to lines: inout StyledLines) {
    let presentation = lines.presentation
    let width = presentation.width
    if let heading = heading(of: message, presentation) {
      lines.append(heading, wrappedTo: width, indent: 4)
    }
    lines.append(
      StyledText(title(of: message), .heading, emphasis: .bold), wrappedTo: width, indent: 4)
    writeDump(of: message, to: &lines)
    for finding in findings(of: message, presentation) {
      lines.append(finding, wrappedTo: width, indent: 4)
    }
    for inner in message.nested {
      lines.append()
      lines.append(StyledText("It carries:", .label))
      write(inner, to: &lines)
    }
  }

  private static func heading(
    of message: DecodedMessage, _ presentation: Presentation
  ) -> StyledText? {
    guard let frame = message.frame, let source = message.source,
      let destination = message.destination, message.transport != "inside"
    else { return nil }
    let time =
      message.clock.map { "clock \($0), \(TimeLine.text(seconds: message.clockSeconds ?? 0))" }
      ?? TimeLine.text(seconds: message.seconds ?? 0)
    return StyledText(
      "Frame \(frame), \(time), \(message.transport ?? "")"
        + (message.framing.map { " (\($0))" } ?? "")
        + " \(source) \(presentation.symbols.rightArrow) \(destination)", .label)
  }

  private static func title(of message: DecodedMessage) -> String {
    let name =
      switch message.kind {
      case "ChannelData":
        message.channel.map {
          "ChannelData 0x\(String($0, radix: 16)), \(message.dataLength ?? 0) bytes of data"
        } ?? "ChannelData that is not sound"
      case "STUN":
        "\(message.method ?? "") \(message.class ?? ""), \(message.content.count) bytes"
      default:
        "Not a sound STUN message, "
          + (message.method.map { "\($0) \(message.class ?? ""), " } ?? "")
          + "\(message.content.count) bytes"
      }
    return name + (message.dialect.map { ", \($0)" } ?? "")
  }

  private static func writeDump(of message: DecodedMessage, to lines: inout StyledLines) {
    if message.kind == "ChannelData" {
      return channelDump(of: message).write(to: &lines)
    }
    let dump: HexDump
    if let lenient = message.lenient, lenient.dialect != .standard || lenient.isCutByCapture {
      dump = LenientDump.dump(of: lenient, message.attributes)
    } else if let fields = message.annotation {
      dump = STUNMessageDump.dump(of: message.content, fields)
    } else {
      dump = STUNMessageDump.dump(of: message.content)
    }
    dump.writeRuler(.muted, to: &lines)
    dump.write(to: &lines)
  }

  private static func channelDump(of message: DecodedMessage) -> HexDump {
    guard let length = message.dataLength, message.channel != nil else {
      return HexDump(message.content)
    }
    var ranges = [
      HexDump.Range(0..<2, StyledText("Channel Number", .label)),
      HexDump.Range(2..<4, StyledText("Length", .label) + ": \(length) bytes of data"),
    ]
    let end = min(4 + length, message.content.count)
    if end > 4 {
      ranges.append(HexDump.Range(4..<end, StyledText("Application Data", .label)))
    }
    if end < message.content.count {
      ranges.append(
        HexDump.Range(end..<message.content.count, StyledText("Padding", .label)))
    }
    return HexDump(message.content, ranges: ranges)
  }

  private static func findings(
    of message: DecodedMessage, _ presentation: Presentation
  ) -> [StyledText] {
    var lines: [StyledText] = []
    if let missing = message.missingBytes {
      lines.append(
        StyledText("\(presentation.symbols.note) ", .note)
          + ("The capture does not hold the last \(missing == 1 ? "byte" : "\(missing) bytes") "
            + "of it: that is the capture's doing, not the sender's."))
    }
    for check in message.integrity where check.result != "wrong" {
      let password = check.password.map { " of password \($0)" } ?? ""
      lines.append(
        check.result == "verified"
          ? StyledText("\(presentation.symbols.success) ", .success)
            + "\(check.attribute) is right: the \(check.key ?? "") key\(password) fits"
          : StyledText(
            message.lenient == nil
              ? "\(check.attribute) is not checked: it needs --password, "
                + "and perhaps --username and --realm"
              : "\(check.attribute) is not checked: the message is not one of RFC 8489", .muted))
    }
    for found in message.problems {
      lines.append(
        problem(
          found.message.hasPrefix("byte ")
            ? found.message : "byte \(found.offset), \(found.field): \(found.message)",
          presentation))
    }
    return lines
  }

  static func problem(_ text: String, _ presentation: Presentation) -> StyledText {
    StyledText("\(presentation.symbols.failure) ", .failure) + StyledText(text)
  }
}
