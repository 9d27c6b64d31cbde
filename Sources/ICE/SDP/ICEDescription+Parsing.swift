import TransportAddress

extension ICEDescription {
  /// Reads the ICE part of a session description; all other lines are passed over.
  ///
  /// - Throws: ``SDPError`` with line and column of the first error. A candidate of an unknown type
  ///   is no error: its line is left out (RFC 8839 §5.1).
  /// - Complexity: O(n) for n characters.
  public init(parsing text: String) throws(SDPError) {
    self.init()
    var reading = Reading()
    var number = 0
    for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      var line = Substring(line)
      if line.utf8.last == 0x0D { line.unicodeScalars.removeLast() }
      if line.isEmpty { continue }
      do throws(SDPError) {
        try take(line, &reading, number)
      } catch {
        // Attributes know their column alone; the check at a level's end knows its line.
        var error = error
        if error.problem != .halfOfCredentials { error.line = number }
        throw error
      }
    }
    try finish(&reading)
  }

  /// What of the level that is being read is not complete.
  private struct Reading {
    var usernameFragment: (text: String, line: Int)?
    var password: (text: String, line: Int)?
    var seen: Set<String> = []
  }

  private mutating func take(
    _ line: Substring, _ reading: inout Reading, _ number: Int
  ) throws(SDPError) {
    guard line.utf8.count >= 2, line.utf8.dropFirst().first == UInt8(ascii: "=") else {
      throw SDPError(column: 1, .notALine)
    }
    let value = line.dropFirst(2)
    switch line.utf8.first {
    case UInt8(ascii: "m"):
      try finish(&reading)
      streams.append(Stream(media: String(value)))
    case UInt8(ascii: "c"):
      guard !streams.isEmpty else { return }
      let fields = value.split(separator: " ")
      if fields.count == 3 {
        // Multicast addresses have a TTL behind a slash.
        let host = fields[2].prefix { $0 != "/" }
        streams[streams.count - 1].connection = try? IPAddress(parsing: host)
      }
    case UInt8(ascii: "a"):
      if value.hasPrefix("mid:"), !streams.isEmpty {
        streams[streams.count - 1].mid = String(value.dropFirst(4))
        return
      }
      let attribute: ICEAttribute?
      do throws(SDPError) {
        attribute = try ICEAttribute(parsing: line)
      } catch {
        if error.problem == .candidate(.type) { return }
        throw error
      }
      if let attribute { try take(attribute, &reading, number) }
    default: break
    }
  }

  private mutating func take(
    _ attribute: ICEAttribute, _ reading: inout Reading, _ number: Int
  ) throws(SDPError) {
    let last = streams.count - 1
    if let name = attribute.uniqueName, !reading.seen.insert(name).inserted {
      throw SDPError(column: 3, .repeated)
    }
    switch attribute {
    case .usernameFragment(let text): reading.usernameFragment = (text, number)
    case .password(let text): reading.password = (text, number)
    case .options(let tags):
      if last >= 0 { streams[last].level.options = tags } else { session.options = tags }
    case .lite:
      guard last < 0 else { throw SDPError(column: 3, .notAtMediaLevel) }
      isLite = true
    case .pacing(let milliseconds):
      guard last < 0 else { throw SDPError(column: 3, .notAtMediaLevel) }
      pacing = .milliseconds(Int64(milliseconds))
    case .mismatch:
      guard last >= 0 else { throw SDPError(column: 3, .notAtSessionLevel) }
      streams[last].isMismatched = true
    case .candidate(let candidate):
      guard last >= 0 else { throw SDPError(column: 3, .notAtSessionLevel) }
      streams[last].candidates.append(candidate)
    case .remoteCandidates(let list):
      guard last >= 0 else { throw SDPError(column: 3, .notAtSessionLevel) }
      streams[last].remoteCandidates = list
    case .endOfCandidates:
      if last >= 0 { streams[last].isEnded = true } else { isEnded = true }
    }
  }

  /// Ends a level: its credentials are complete, or are not there.
  private mutating func finish(_ reading: inout Reading) throws(SDPError) {
    switch (reading.usernameFragment, reading.password) {
    case (let fragment?, let password?):
      let credentials = try? ICECredentials(
        usernameFragment: fragment.text, password: password.text)
      if streams.isEmpty {
        session.credentials = credentials
      } else {
        streams[streams.count - 1].level.credentials = credentials
      }
    case (let half?, nil), (nil, let half?):
      throw SDPError(line: half.line, column: 3, .halfOfCredentials)
    case (nil, nil): break
    }
    reading = Reading()
  }
}

extension ICEAttribute {
  /// The name of an attribute that stands once at a level; nil for the others.
  fileprivate var uniqueName: String? {
    switch self {
    case .usernameFragment: "ice-ufrag"
    case .password: "ice-pwd"
    case .options: "ice-options"
    case .lite: "ice-lite"
    case .pacing: "ice-pacing"
    case .remoteCandidates: "remote-candidates"
    case .mismatch, .candidate, .endOfCandidates: nil
    }
  }
}
