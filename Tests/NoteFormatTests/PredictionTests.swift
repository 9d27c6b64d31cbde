import NoteFormat
import Testing

/// What an example may ask before it shows its output.
@Suite struct PredictionTests {
  private func prediction(
    _ attributes: String, output: String = "port 5002\n"
  ) throws -> (Prediction?, [String]) {
    let (note, problems) = try step(
      "```swift id=x \(attributes)\n```\n\n```output\n\(output)```\n")
    return (note.examples.first?.prediction, problems)
  }

  @Test(
    "Each kind of prediction is read from the attributes of its fence",
    arguments: [
      ("predict", Prediction(form: .output)),
      (
        "predict=\"How many get in?\" answer=1",
        Prediction(question: "How many get in?", form: .answer("1", tolerance: nil))
      ),
      (
        "predict=\"How many?\" answer=1.9 tolerance=10%",
        Prediction(question: "How many?", form: .answer("1.9", tolerance: .part(0.1)))
      ),
      (
        "predict=\"How long?\" answer=\"39.5 s\" tolerance=±0.5",
        Prediction(question: "How long?", form: .answer("39.5 s", tolerance: .amount(0.5)))
      ),
      (
        "choices=\"no | yes, all\" answer=\"yes, all\" predict timeout=3",
        Prediction(form: .choice(["no", "yes, all"], correct: 2))
      ),
      (
        "predict choices=\"a | b | c\" answer=b because=\"too far | | too near\"",
        Prediction(
          form: .choice(["a", "b", "c"], correct: 2), reasons: ["too far", "", "too near"])
      ),
      ("predict blanks=5002", Prediction(form: .blanks(["5002"]))),
      (
        "predict=\"Which?\" blanks=\"5002|port\"",
        Prediction(question: "Which?", form: .blanks(["5002", "port"]))
      ),
    ])
  func kinds(attributes: String, expected: Prediction) throws {
    let (prediction, problems) = try prediction(attributes)
    #expect(prediction == expected)
    #expect(problems.isEmpty)
  }

  @Test(
    "What is wrong with a prediction is told with its place and what to do",
    arguments: [
      ("answer=1", "5:15: 'answer' belongs to a prediction; write 'predict' before it"),
      ("blanks=5002", "5:15: 'blanks' belongs to a prediction; write 'predict' before it"),
      ("predict answer=1", "5:23: an answer needs its question: predict=\"…\""),
      ("predict=", "5:23: the question is empty; write 'predict' alone, or predict=\"…\""),
      (
        "predict=yes",
        "5:15: a question needs its answer; add answer=…, or choices=\"… | …\" with answer=…, or blanks=\"…\""
      ),
      (
        "predict=\"How many?",
        "5:23: this quotation mark is not closed; the value ends with one and a blank behind it"
      ),
      (
        "predict tolerance=5%",
        "5:23: a tolerance is about a number; add predict=\"…\" and answer=…"
      ),
      (
        "predict=\"Who?\" answer=all tolerance=5%",
        "5:41: a tolerance is about a number; the answer is 'all'"
      ),
      (
        "predict=\"Who?\" answer=3 tolerance=much",
        "5:49: a tolerance is a part, such as 5%, or an amount, such as 0.1, more than zero"
      ),
      (
        "predict=\"Who?\" answer=3 tolerance=-1",
        "5:49: a tolerance is a part, such as 5%, or an amount, such as 0.1, more than zero"
      ),
      (
        "predict choices=\"a | b\"",
        "5:23: choices need the right one: answer=\"…\", as it stands there"
      ),
      (
        "predict choices=\"a | b\" answer=c",
        "5:46: the answer is one of the choices, letter by letter; it says 'c'"
      ),
      (
        "predict=\"Who?\" answer=3 because=so",
        "5:39: reasons are about choices; add choices=\"… | …\""
      ),
      (
        "predict choices=\"a | b\" answer=b because=\"so | so\"",
        "5:56: because says of each choice why it is wrong, in their order, and nothing of the right one: because=\"… | … |\""
      ),
      (
        "predict choices=\"a | b\" answer=b because=so",
        "5:56: because says of each choice why it is wrong, in their order, and nothing of the right one: because=\"… | … |\""
      ),
      (
        "predict choices=a answer=a",
        "5:31: choices are two to five different texts with bars between: choices=\"yes | no\""
      ),
      (
        "predict choices=\"a | b | a\" answer=a",
        "5:31: choices are two to five different texts with bars between: choices=\"yes | no\""
      ),
      (
        "predict blanks=\"5002 | \"",
        "5:30: blanks are different texts of the output with bars between: blanks=\"5002 | 300 s\""
      ),
      (
        "predict blanks=5002 answer=1",
        "5:35: 'answer' has no meaning beside 'blanks'; remove one of them"
      ),
      (
        "predict blanks=500",
        "5:30: the output has no '500' that stands by itself, so nothing is hidden"
      ),
    ])
  func problems(attributes: String, problem: String) throws {
    let (_, problems) = try prediction(attributes)
    #expect(problems.contains(problem), "\(problems)")
  }

  @Test("Blanks without an output, and predictions of code that is not run, are told")
  func misplaced() throws {
    #expect(
      try step("```swift id=x predict blanks=1\n```\n").1 == [
        "5:30: blanks hide parts of an output; put a fence ```output behind the example"
      ])
    #expect(
      try step("```swift id=x fails predict=\"Why?\" answer=1\n```\n").1 == [
        "5:21: 'predict' has no meaning beside 'fails'; remove one of them",
        "5:36: 'answer' has no meaning beside 'fails'; remove one of them",
      ])
  }

  @Test("A blank hides its text wherever it stands by itself, and nothing within another word")
  func blanked() {
    let output = "from 203.0.113.7:5002 to 1.5002.1\nx5002 50021, 5002 and 1.5 s.\n"
    #expect(
      Prediction.blanked(output, hiding: ["5002"])
        == "from 203.0.113.7:____ to 1.5002.1\nx5002 50021, ____ and 1.5 s.\n")
    #expect(
      Prediction.blanked(output, hiding: ["5002", "1.5 s"])
        == "from 203.0.113.7:__1__ to 1.5002.1\nx5002 50021, __1__ and __2__.\n")
    #expect(
      Prediction.blanked(output, hiding: ["5002", "1.5 s"], filled: [1])
        == "from 203.0.113.7:5002 to 1.5002.1\nx5002 50021, 5002 and __2__.\n")
  }
}
