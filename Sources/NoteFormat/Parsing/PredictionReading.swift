/// Reads what an example asks the learner to predict, from the attributes of its fence.
extension NoteParser {
  /// The attributes that say how to predict; each needs `predict` beside it.
  static let predictionAttributes = ["answer", "choices", "blanks", "because", "tolerance"]

  mutating func prediction(_ values: [String: FenceInfo.Attribute]) -> Prediction? {
    guard let predict = values["predict"] else {
      for name in Self.predictionAttributes {
        guard let attribute = values[name] else { continue }
        report(attribute.position, "'\(name)' belongs to a prediction; write 'predict' before it")
      }
      return nil
    }
    let question = predict.value
    if question == "" {
      report(
        predict.valuePosition, "the question is empty; write 'predict' alone, or predict=\"…\"")
    }
    if let blanks = values["blanks"] {
      refuse(["answer", "choices", "because", "tolerance"], beside: "blanks", values)
      return blankPrediction(question, blanks)
    }
    if let choices = values["choices"] {
      refuse(["tolerance"], beside: "choices", values)
      return choicePrediction(question, choices, values["answer"], values["because"])
    }
    if let because = values["because"] {
      report(because.position, "reasons are about choices; add choices=\"… | …\"")
    }
    if let answer = values["answer"] {
      if question == nil {
        report(answer.position, "an answer needs its question: predict=\"…\"")
      }
      return Prediction(
        question: question,
        form: .answer(
          answer.value ?? "", tolerance: tolerance(values["tolerance"], of: answer.value ?? "")))
    }
    if let tolerance = values["tolerance"] {
      report(tolerance.position, "a tolerance is about a number; add predict=\"…\" and answer=…")
    } else if question != nil, question != "" {
      report(
        predict.position,
        "a question needs its answer; add answer=…, or choices=\"… | …\" with answer=…, "
          + "or blanks=\"…\"")
    }
    return Prediction(question: question, form: .output)
  }

  private mutating func refuse(
    _ names: [String], beside owner: String, _ values: [String: FenceInfo.Attribute]
  ) {
    for name in names {
      guard let attribute = values[name] else { continue }
      report(attribute.position, "'\(name)' has no meaning beside '\(owner)'; remove one of them")
    }
  }

  /// The texts between the bars of a value.
  private func texts(of attribute: FenceInfo.Attribute) -> [String] {
    (attribute.value ?? "").split(separator: "|", omittingEmptySubsequences: false)
      .map { String($0.trimmed) }
  }

  private mutating func blankPrediction(
    _ question: String?, _ attribute: FenceInfo.Attribute
  ) -> Prediction {
    let texts = texts(of: attribute)
    if texts.contains("") || Set(texts).count < texts.count {
      report(
        attribute.valuePosition,
        "blanks are different texts of the output with bars between: blanks=\"5002 | 300 s\"")
    }
    blankPositions[attribute.position.line] = attribute.valuePosition
    return Prediction(question: question, form: .blanks(texts))
  }

  private mutating func choicePrediction(
    _ question: String?, _ attribute: FenceInfo.Attribute, _ answer: FenceInfo.Attribute?,
    _ because: FenceInfo.Attribute?
  ) -> Prediction {
    let choices = texts(of: attribute)
    if !(2...5).contains(choices.count) || choices.contains("")
      || Set(choices).count < choices.count
    {
      report(
        attribute.valuePosition,
        "choices are two to five different texts with bars between: choices=\"yes | no\"")
    }
    var correct = 0
    if let answer {
      correct = (choices.firstIndex(of: answer.value ?? "") ?? -1) + 1
      if correct == 0 {
        report(
          answer.valuePosition,
          "the answer is one of the choices, letter by letter; it says '\(answer.value ?? "")'")
      }
    } else {
      report(attribute.position, "choices need the right one: answer=\"…\", as it stands there")
    }
    return Prediction(
      question: question, form: .choice(choices, correct: correct),
      reasons: because.map { reasons($0, for: choices, correct: correct) } ?? [])
  }

  /// Why each choice is wrong, in their order, and nothing for the right one.
  private mutating func reasons(
    _ attribute: FenceInfo.Attribute, for choices: [String], correct: Int
  ) -> [String] {
    let reasons = texts(of: attribute)
    if reasons.count != choices.count || !choices.indices.contains(correct - 1)
      || !reasons[correct - 1].isEmpty
    {
      report(
        attribute.valuePosition,
        "because says of each choice why it is wrong, in their order, and nothing of the right one: "
          + "because=\"… | … |\"")
      return []
    }
    return reasons
  }

  private mutating func tolerance(
    _ attribute: FenceInfo.Attribute?, of answer: String
  ) -> Prediction.Tolerance? {
    guard let attribute else { return nil }
    if !answer.utf8.contains(where: { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      report(attribute.position, "a tolerance is about a number; the answer is '\(answer)'")
    }
    var text = (attribute.value ?? "")[...]
    if text.hasPrefix("±") { text = text.dropFirst() }
    if text.hasPrefix("+-") { text = text.dropFirst(2) }
    let isPart = text.hasSuffix("%")
    let number = Double(String((isPart ? text.dropLast() : text).trimmed))
    guard let number, number.isFinite, number > 0, !isPart || number < 100 else {
      report(
        attribute.valuePosition,
        "a tolerance is a part, such as 5%, or an amount, such as 0.1, more than zero")
      return nil
    }
    return isPart ? .part(number / 100) : .amount(number)
  }

  /// Reports every blank that hides nothing of its example's output.
  mutating func checkBlanks(in blocks: [Block]) {
    for example in blocks.examples {
      guard case .blanks(let texts) = example.prediction?.form,
        let position = blankPositions[example.code.range.start.line]
      else { continue }
      guard let output = example.output else {
        report(position, "blanks hide parts of an output; put a fence ```output behind the example")
        continue
      }
      for text in Prediction.missing(texts, in: output.text) where !text.isEmpty {
        report(position, "the output has no '\(text)' that stands by itself, so nothing is hidden")
      }
    }
  }
}
