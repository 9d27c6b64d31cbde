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
        + StyledText(prediction.text, emphasis: .bold), margin)
    switch prediction.form {
    case .choice(let choices, _):
      // Once it is shown what happens, one choice is left: the one that was made.
      guard state.runs[example.id] == nil else { return }
      addBlank()
      for (index, choice) in choices.enumerated() {
        addWrapped(
          StyledText(choice),
          margin.adding(StyledText("\(index + 1). ", .label), "   "))
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
    state.runs[example.id] == nil && !state.revealsAll
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
    guard given?.isRight != true else { return }
    addBlank()
    addWrapped(StyledText("Answer: ", .success) + StyledText(prediction.key), margin)
  }

  /// The text of the choice that was made, if it was one.
  private func choice(_ given: PageState.GivenAnswer, of prediction: Prediction) -> String? {
    guard case .choice(let choices, _) = prediction.form, let number = Int(given.text),
      choices.indices.contains(number - 1)
    else { return nil }
    return choices[number - 1]
  }
}
