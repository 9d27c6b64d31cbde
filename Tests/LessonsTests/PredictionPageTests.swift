import Lessons
import Terminal
import Testing

@Suite struct PredictionPageTests {
  @Test(
    "How a prediction is spaced or spelled large is nobody's mistake",
    arguments: ["true\n5 6", "True\n5   6\n\n", "\ntrue  \n5 6", "true\n0x5 6"])
  func right(prediction: String) {
    let isRight = PredictionPage(prediction: prediction, printed: "true\n5 6\n").isRight
    #expect(isRight == !prediction.contains("0x5"))
  }

  @Test("What differs is shown, and what is the same is counted")
  func wrong() {
    let page = PredictionPage(prediction: "TRUE\n5 7", printed: "true\n5 6\n")
    #expect(!page.isRight)
    let text = page.lines(Presentation()).map(\.text).joined(separator: "\n")
    #expect(text.contains("1 of 2 lines"))
    #expect(text.contains("5 7"))
    #expect(!text.contains("TRUE"))
  }

  @Test("No prediction is right only where nothing is printed")
  func empty() {
    #expect(PredictionPage(prediction: "", printed: "").isRight)
    #expect(!PredictionPage(prediction: "", printed: "x\n").isRight)
    #expect(!PredictionPage(prediction: "x", printed: "").isRight)
  }
}
