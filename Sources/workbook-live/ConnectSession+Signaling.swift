import Connections
import ICE
import NoteFormat
import ProgramSupport
import SansIO
import Signaling

/// Descriptions by a signaling server: each candidate is told when it is there (RFC 8838).
///
/// A message is what an SDP fragment is (RFC 8840 §9): credentials, and the candidates that are new. The
/// last one has `a=end-of-candidates`.
extension ConnectSession {
  /// What of this side the other has been told.
  struct Told {
    var isOpen = false
    var candidates: Set<CandidateAttribute> = []
    var hasDescription = false
    var hasEnd = false
    /// Whether there is a way, and nothing need be told any more.
    var isSelected = false
  }

  /// Does what the server's connection has brought.
  mutating func takeSignals() throws {
    while let event = signaling?.nextEvent() {
      switch event {
      case .opened:
        told.isOpen = true
        page.joined()
        tellNews()
      case .message(let text): try heard(text)
      case .closed(let reason):
        // What was said by then may be enough, and checks find that out.
        guard other == nil else { break }
        throw WorkbookError.missing("signaling: \(reason)", remedy: nil)
      }
    }
  }

  private mutating func heard(_ text: String) throws {
    let name = "the other side's message"
    let description = try DescriptionExchange.parse(text, from: name)
    do throws(ConnectionError) {
      if other == nil {
        try otherCame(description)
      } else {
        try live.receive(description)
      }
    } catch {
      throw WorkbookError.badData([
        Problem(file: name, position: SourcePosition(line: 1, column: 1), message: "\(error)")
      ])
    }
    for line in description.streams.first?.candidates ?? [] { page.signaled(line) }
  }

  /// Tells the other what it has not been told yet.
  mutating func tellNews() {
    guard told.isOpen else { return }
    var news = live.localDescription
    let candidates = news.streams[0].candidates.filter { told.candidates.insert($0).inserted }
    let isEnd = news.streams[0].isEnded && !told.hasEnd
    guard !told.hasDescription || !candidates.isEmpty || isEnd else { return }
    told.hasDescription = true
    told.hasEnd = told.hasEnd || isEnd
    news.streams[0].candidates = candidates
    signaling?.say(news.description, &live)
  }

  /// Leaves the room when all is said, so that its name is free again.
  mutating func leaveRoomIfDone() {
    if told.isSelected, told.hasEnd { signaling?.leave(&live) }
  }
}
