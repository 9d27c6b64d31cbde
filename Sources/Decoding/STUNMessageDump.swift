import STUNCodec
public import Terminal

/// A STUN message as annotated bytes.
public enum STUNMessageDump {
  /// What makes the bytes no STUN message, or nil where they are one.
  public static func complaint(about bytes: [UInt8]) -> String? {
    do throws(STUNDecodingError) {
      _ = try STUNMessage(bytes)
      return nil
    } catch {
      return error.description
    }
  }

  /// The annotated bytes as lines of a page.
  public static func lines(of bytes: [UInt8], _ presentation: Presentation) -> [StyledText] {
    dump(of: bytes).lines(presentation)
  }

  /// The annotated bytes.
  public static func dump(of bytes: [UInt8]) -> HexDump {
    let fields = STUNAnnotation.fields(of: bytes)
    // Parts of a field that share its bytes cannot stand beside rows of their own.
    let rows = fields.filter { $0.bits == nil }.map { field in
      HexDump.Range(
        field.byteRange,
        StyledText(field.name, field.isProblem ? .failure : .label)
          + StyledText(": " + field.meaning))
    }
    return HexDump(bytes, ranges: rows)
  }
}
