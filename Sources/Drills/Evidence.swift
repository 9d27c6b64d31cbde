public import Calls
import ICE
import NATTable
import Simulator

/// Something that a failed call shows, or that it does not show: what speaks for a cause or against it.
///
/// Words are looked for in lines as they are printed; a line must have all of them.
public enum Evidence: Hashable, Sendable {
  /// Packets in a side's capture.
  case packets(Call.Party, [String])
  /// No such packet is in a side's capture.
  case noPacket(Call.Party, [String])
  /// Lines in the log of a side's app.
  case log(Call.Party, [String])
  /// No such line is in the log of a side's app.
  case noLog(Call.Party, [String])
  /// Candidate lines that a side has signaled.
  case candidates(Call.Party, [String])
  /// A side has signaled no such candidate line.
  case noCandidate(Call.Party, [String])
  /// A side's description is another one where it is heard.
  case alteredDescription(of: Call.Party)
  /// Lines of a router's table while the checks ran.
  case table([String])
  /// What happened between the two, which neither could capture: for a proof alone.
  case network([String])

  /// The lines that show it; nil where the call does not bear it out.
  ///
  /// - Parameter limit: the most lines.
  /// - Complexity: O(n) for n events of the call.
  public func lines(in run: SceneRun, limit: Int = 3) -> [String]? {
    switch self {
    case .packets(let party, let words):
      return found(
        CapturedPackets.grouped(run.packets(of: party)).map(\.line), words, limit,
        in: "\(party)'s capture")
    case .noPacket(let party, let words):
      return missing(
        run.packets(of: party).map(\.line), words, "\(party)'s capture has no packet with")
    case .log(let party, let words):
      return found(run.log(of: party), words, limit, in: "\(party)'s log")
    case .noLog(let party, let words):
      return missing(run.log(of: party), words, "\(party)'s log has no line with")
    case .candidates(let party, let words):
      return found(Self.candidates(of: party, in: run), words, limit, in: "signaled by \(party)")
    case .noCandidate(let party, let words):
      return missing(
        Self.candidates(of: party, in: run), words, "\(party) signals no candidate with")
    case .alteredDescription(let party):
      guard let sent = run.description(sentBy: party)?.session.credentials,
        let heard = run.description(heardBy: party.other)?.session.credentials,
        sent != heard
      else { return nil }
      return [
        "\(party) signals a=ice-ufrag:\(sent.usernameFragment)",
        "\(party.other) hears  a=ice-ufrag:\(heard.usernameFragment)",
      ]
    case .table(let words):
      return found(
        run.tables.split(separator: "\n").map(String.init), words, limit, in: "the table")
    case .network(let words):
      // What is sent again meets the same.
      return found(run.chronicle, words, min(limit, 1), in: "between the two")
    }
  }

  private static func candidates(of party: Call.Party, in run: SceneRun) -> [String] {
    run.description(sentBy: party)?.streams.flatMap(\.candidates).map { "\($0)" } ?? []
  }

  private func found(
    _ lines: [String], _ words: [String], _ limit: Int, in place: String
  ) -> [String]? {
    let matches = lines.filter { line in words.allSatisfy { line.contains($0) } }
    guard !matches.isEmpty else { return nil }
    return matches.prefix(limit).map { "\(place): \($0)" }
  }

  private func missing(_ lines: [String], _ words: [String], _ claim: String) -> [String]? {
    if lines.contains(where: { line in words.allSatisfy { line.contains($0) } }) { return nil }
    return ["\(claim) \(words.map { "'\($0)'" }.joined(separator: " and "))"]
  }
}
