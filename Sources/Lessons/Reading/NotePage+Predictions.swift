import NoteFormat
import Terminal

/// What an example asks the learner to predict: the question, how to answer, and what came of it.
extension NotePage {
  /// Adds the question with its choices, unless the whole output is asked for.
  mutating func addQuestion(_ prediction: Prediction, of example: Example, _ margin: Margin) {
    guard !prediction.isOfWholeOutput else { return }
    addBlank()
    addWrapped(
      StyledText("Predict: ", .warning, emphasis: .bold)
        + StyledText(prediction.text, emphasis: .bold)
        + StyledText(prediction.leeway.map { " (\($0))" } ?? "", .muted), margin)
    switch prediction.form {
    case .choice(let choices, _):
      // Once it is shown what happens, one choice is left: the one that was made.
      guard state.asks(about: example) else { return }
      addBlank()
      let tried = state.predictions[example.id]?.tries ?? []
      for (index, choice) in choices.enumerated() {
        addWrapped(
          StyledText(choice),
          margin.adding(StyledText("\(index + 1). ", .label), "   "))
        guard let reason = prediction.reason(against: choice), !state.revealsAll,
          tried.contains(where: { prediction.isSame($0, choice) })
        else { continue }
        addWrapped(
          StyledText(reason.text),
          margin.continued.adding(StyledText("   wrong: ", .failure), "          "))
      }
    case .blanks(let texts):
      guard let output = example.output, isOpen(example) else { return }
      let filled = state.predictions[example.id].map { prediction.rightBlanks(in: $0.text) } ?? []
      addOutput(Prediction.blanked(output.text, hiding: texts, filled: filled), margin)
    case .answer, .output: break
    }
  }

  /// Whether an example has neither run nor shows its output.
  private func isOpen(_ example: Example) -> Bool {
    state.asks(about: example) && !state.revealsAll
  }

  /// Adds how to predict, and what the last try was worth.
  mutating func addPredictionInvitation(of example: Example, _ margin: Margin) {
    addBlank()
    guard let prediction = example.prediction, !prediction.isOfWholeOutput else {
      addWrapped(StyledText("What does it print? Decide, then: ", .note) + how(example), margin)
      return
    }
    let given = state.predictions[example.id]
    if let given { addGiven(given, margin) }
    let verb = given == nil ? "Decide, then" : "Try again"
    var text: StyledText
    switch (state.invites, prediction.form) {
    case (.commands, _): text = StyledText("\(verb): ", .note) + how(example)
    case (.keys, .choice(let choices, _)):
      text =
        StyledText("\(verb == "Try again" ? verb : "Answer") with ", .note)
        + StyledText("1", .key) + StyledText(" to ", .note) + StyledText("\(choices.count)", .key)
    case (.keys, _): text = StyledText("\(verb): ", .note) + how(example)
    }
    if given != nil, state.invites == .keys {
      text += StyledText("; ", .note) + StyledText("s", .key) + StyledText(" runs it", .note)
    }
    addWrapped(text, margin)
    if given != nil, state.invites == .commands {
      addWrapped(
        StyledText("Or see it: ", .note) + StyledText("\(state.runCommand) \(example.id)", .key),
        margin)
    }
  }

  private func how(_ example: Example) -> StyledText {
    switch state.invites {
    case .commands: StyledText("\(state.predictCommand) \(example.id)", .key)
    case .keys: StyledText("r", .key)
    }
  }

  /// Adds what a prediction was worth once the output is shown.
  mutating func addResult(_ prediction: Prediction, of example: Example, _ margin: Margin) {
    guard !prediction.isOfWholeOutput, !isOpen(example),
      state.runs[example.id]?.isRunning != true
    else { return }
    let given = state.predictions[example.id]
    if given != nil { addBlank() }
    if let given { addGiven(given, margin, choice: choice(given, of: prediction)) }
    // The output itself answers what was asked by blanks.
    if case .blanks = prediction.form { return }
    if given?.isRight != true {
      addBlank()
      addWrapped(StyledText("Answer: ", .success) + StyledText(prediction.key), margin)
    }
    if let given { addReasons(prediction, of: example, given, margin) }
  }

  /// Adds why the choices that were tried are wrong, or else the line of the output that says so.
  private mutating func addReasons(
    _ prediction: Prediction, of example: Example, _ given: PageState.GivenAnswer,
    _ margin: Margin
  ) {
    let wrong = given.tries.filter { (try? prediction.isMet(by: $0)) == false }
    guard !wrong.isEmpty else { return }
    let reasons = wrong.compactMap { prediction.reason(against: $0) }
    for reason in reasons {
      addWrapped(StyledText("Not \(reason.choice): ", .failure) + StyledText(reason.text), margin)
    }
    guard reasons.isEmpty else { return }
    let output = state.runs[example.id]?.output ?? example.output?.text ?? ""
    guard let line = prediction.tellingLine(of: output) else { return }
    addWrapped(StyledText("It is in this line of the output:", .muted), margin)
    addOutput(line, margin)
  }

  /// The text of the choice that was made, if it was one.
  private func choice(_ given: PageState.GivenAnswer, of prediction: Prediction) -> String? {
    guard case .choice(let choices, _) = prediction.form, let number = Int(given.text),
      choices.indices.contains(number - 1)
    else { return nil }
    return choices[number - 1]
  }
}
