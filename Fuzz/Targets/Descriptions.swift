internal import ICE
internal import SansIO

/// Any text as a session description: read or refused, and what was read, written again, is read as the
/// same; then an agent is told of it, and checks what is in it.
func readDescription(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  // The same text as one line of each kind.
  if let line = try? CandidateAttribute(parsing: text) {
    demand((try? CandidateAttribute(parsing: "\(line)")) == line, "a candidate is not read again")
  }
  if let attribute = try? ICEAttribute(parsing: text) {
    demand(
      (try? ICEAttribute(parsing: "\(attribute)")) == attribute, "\(attribute) is not read again")
  }
  guard let description = try? ICEDescription(parsing: text) else { return }
  let written = description.description
  demand(
    (try? ICEDescription(parsing: written)) == description, "a description is not read again")
  tell(of: description)
}

/// An agent is told of a description, as whatever peer has written it, and goes on for a minute.
private func tell(of description: ICEDescription) {
  var generator = SeededGenerator(seed: 1)
  guard
    var agent = try? ICEAgent(
      role: .controlling, streams: [1, 2], credentials: AgentStory.own, tiebreaker: 1)
  else { fatalError("an agent can have two streams") }
  for (stream, base) in ["10.0.0.2:5000", "10.0.0.2:5001"].enumerated() {
    _ = try? agent.gathered(.host(AgentStory.address(base)), stream: stream, at: .zero)
  }
  // A caller's own mistake is no crash either: the fragments may be too long for USERNAME.
  try? agent.remoteDescriptionReceived(description, at: .zero)
  demand(agent.checklists.count <= agent.configuration.pairLimit, "too many pairs")
  demand(agent.leftOutCandidates.count <= agent.configuration.pairLimit, "too many left out")
  var turns = 0
  while let deadline = agent.nextDeadline, deadline <= .seconds(60) {
    turns += 1
    // One new check in each Ta, and seven sends of each: no peer can name what takes longer.
    demand(turns < 8 * 60 * 20, "an endless row of deadlines")
    agent.timerFired(at: deadline, using: &generator)
    while agent.nextAction() != nil {}
  }
  _ = agent.explanation
}
