public import STUNCodec
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
    dump(of: bytes, STUNAnnotation.fields(of: bytes))
  }

  /// The annotated bytes, whose fields are known.
  public static func dump(of bytes: [UInt8], _ fields: [AnnotatedField]) -> HexDump {
    var rows: [HexDump.Range] = []
    rows.reserveCapacity(fields.count)
    // Parts of a field that share its bytes cannot stand beside rows of their own.
    for field in fields where field.hasWholeBytes {
      rows.append(
        HexDump.Range(
          field.byteRange, field.name, field.meaning, role: field.isProblem ? .failure : .label))
    }
    return HexDump(bytes, ranges: rows)
  }
}
