import Lessons
import NoteFormat
import ProgramSupport
import Terminal

/// Predictions: what r, a digit and s do on an example whose output is still to be predicted.
extension Reader {
  /// The prediction that the focused example still asks for; nil if none.
  var openPrediction: (example: Example, prediction: Prediction)? {
    guard let example = focusedExample, let prediction = openPrediction(of: example) else {
      return nil
    }
    return (example, prediction)
  }

  private func openPrediction(of example: Example) -> Prediction? {
    state.asks(about: example) ? example.prediction : nil
  }

  /// The examples of the page whose prediction is a choice that is still to be made.
  var openChoices: Set<String> {
    var ids: Set<String> = []
    for example in note.examples {
      if case .choice = openPrediction(of: example)?.form { ids.insert(example.id) }
    }
    return ids
  }

  /// Asks for a prediction.
  mutating func begin(_ prediction: Prediction, of example: Example) {
    switch prediction.form {
    case .output:
      panel = .input(
        TextInput(isMultiline: true), for: .prediction(of: example.id, filled: []))
    case .answer:
      panel = .input(
        TextInput(isMultiline: false), for: .prediction(of: example.id, filled: []))
    case .choice(let choices, _):
      message = "Predict first: answer with a number from 1 to \(choices.count)."
    case .blanks: _ = askForBlank(prediction, of: example, filled: [])
    }
  }

  /// Asks for the next blank that is not filled in rightly yet; all texts if there is none.
  private mutating func askForBlank(
    _ prediction: Prediction, of example: Example, filled: [String]
  ) -> [String]? {
    guard case .blanks(let texts) = prediction.form else { return filled }
    var filled = filled
    let right =
      state.predictions[example.id].map { prediction.rightBlanks(in: $0.text) } ?? []
    while right.contains(filled.count + 1) { filled.append(texts[filled.count]) }
    guard filled.count < texts.count else { return filled }
    panel = .input(
      TextInput(isMultiline: false), for: .prediction(of: example.id, filled: filled))
    return nil
  }

  /// A prediction, or the text of a blank, has been typed.
  mutating func predicted(_ text: String, of id: String, filled: [String]) -> [Action] {
    guard let example = note.examples.first(where: { $0.id == id }) else { return [] }
    guard let prediction = example.prediction, !prediction.isOfWholeOutput else {
      return begin(example, prediction: text.isEmpty ? nil : text)
    }
    guard !text.isEmpty else { return [] }
    guard case .blanks = prediction.form else { return predict(text, of: example, prediction) }
    // A bar separates the blanks, so that none can be within one.
    let part = text.filter { $0 != "|" }
    guard let all = askForBlank(prediction, of: example, filled: filled + [part]) else { return [] }
    return predict(all.joined(separator: " | "), of: example, prediction)
  }

  /// Judges a prediction and runs the example if it is right.
  mutating func predict(
    _ text: String, of example: Example, _ prediction: Prediction
  ) -> [Action] {
    if let given = state.predictions[example.id],
      given.tries.contains(where: { prediction.isSame($0, text) })
    {
      message = StyledText("You have tried \(text) already, and it is not right.")
      return []
    }
    let isRight: Bool
    do throws(WorkbookError) {
      isRight = try prediction.isMet(by: text)
    } catch {
      failed(error)
      return []
    }
    if state.predictions[example.id] == nil {
      state.predictions[example.id] = PageState.GivenAnswer(text: text, isRight: isRight)
    } else {
      state.predictions[example.id]?.tryAgain(text, isRight: isRight)
    }
    reviewed(isRight: isRight)
    let record = Action.record(.predicted(id: example.id, prediction: text, right: isRight))
    guard !isRight else { return [record] + begin(example, prediction: nil) }
    revealEndOfFocus()
    return [record]
  }

  /// Runs an example whose prediction is given up.
  mutating func giveUp(_ example: Example, _ prediction: Prediction) -> [Action] {
    guard prediction.isOfWholeOutput || state.predictions[example.id] != nil else {
      message = "Predict first; then s runs it and shows what it prints."
      return []
    }
    state.predictions[example.id]?.gaveUp = true
    return begin(example, prediction: nil)
  }

  /// The label of the input for a prediction.
  func label(ofPrediction id: String, filled: [String]) -> String {
    let prediction = note.examples.first { $0.id == id }?.prediction
    guard case .blanks(let texts) = prediction?.form, texts.count > 1 else {
      return prediction?.text ?? "What will it print?"
    }
    return "\(Prediction.mark(ofBlank: filled.count + 1, of: texts.count))?"
  }
}
