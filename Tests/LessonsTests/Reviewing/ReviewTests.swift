import NoteFormat
import Testing

@testable import Lessons

@Suite struct ReviewScheduleTests {
  static let day = 86400.0

  @Test("Right answers when they are due come 1, 3, 7 and 21 days apart, and then no more")
  func intervals() {
    var schedule = ReviewSchedule()
    #expect(schedule.due == nil)
    var time = 1000.0
    for days in [1.0, 3, 7, 21] {
      schedule.answered(right: true, at: time)
      #expect(schedule.due == time + days * Self.day)
      time += days * Self.day
    }
    schedule.answered(right: true, at: time)
    #expect(schedule.due == nil)
    #expect(!schedule.isMissed)
  }

  @Test("A wrong answer leads back to the first interval, wherever it comes")
  func wrong() {
    var schedule = ReviewSchedule()
    schedule.answered(right: true, at: 0)
    schedule.answered(right: true, at: Self.day)
    schedule.answered(right: false, at: 2 * Self.day)
    #expect(schedule.due == 3 * Self.day)
    #expect(schedule.isMissed)
    for time in [3, 6, 13, 34] { schedule.answered(right: true, at: Double(time) * Self.day) }
    #expect(schedule.due == nil)
    schedule.answered(right: false, at: 100 * Self.day)
    #expect(schedule.due == 101 * Self.day)
  }

  @Test("A right answer before it is due, such as the second try, moves nothing")
  func early() {
    var schedule = ReviewSchedule()
    schedule.answered(right: false, at: 0)
    schedule.answered(right: true, at: 10)
    schedule.answered(right: true, at: Self.day - 1)
    #expect(schedule.due == Self.day)
    #expect(schedule.isMissed)
    schedule.answered(right: true, at: Self.day)
    #expect(schedule.due == 4 * Self.day)
    #expect(!schedule.isMissed)
  }
}

@Suite struct ReviewTests {
  static let day = 86400.0

  /// A note with eight typed questions, each in a step of its own, a prediction and a whole output.
  static let course: Course = {
    var text = "# N\n\n"
    for number in 1...8 {
      text += """
        ## S\(number)

        ### Question: \(number)?

        <details><summary>Answer: \(number)</summary></details>


        """
    }
    text += """
      ## Last

      ```swift id=guess predict="How many?" answer=1
      ```

      ```swift id=whole predict
      ```

      """
    return Course([try! Note.parse(Array(text.utf8), file: "notes/1-n.md").note])
  }()

  private func answered(_ number: Int, right: Bool) -> ProgressEvent {
    .answered(question: "n#s\(number)/1", answer: "x", right: right)
  }

  @Test("Five are asked: those that were missed, then those that are due the longest")
  func order() {
    var progress = Progress()
    for number in 1...6 {
      progress.record(answered(number, right: number != 4), at: Double(number))
    }
    progress.record(.predicted(id: "guess", prediction: "2", right: false), at: 7)
    progress.record(.predicted(id: "whole", prediction: "x", right: false), at: 7)
    progress.record(answered(7, right: true), at: 2 * Self.day)
    let review = Review(of: Self.course, progress, at: 2 * Self.day)
    #expect(
      review.items.map(\.name.text) == ["n#s4/1", "guess", "n#s1/1", "n#s2/1", "n#s3/1"])
    #expect(review.items.map(\.step) == [3, 8, 0, 1, 2])
    #expect(review.dueCount == 7)
    #expect(review.next == 3 * Self.day)
  }

  @Test("Nothing is due before a day has gone, and what is gone from the notes never is")
  func nothing() {
    var progress = Progress()
    #expect(Review(of: Self.course, progress, at: 0).next == nil)
    progress.record(answered(1, right: false), at: 0)
    progress.record(.answered(question: "gone#x/1", answer: "x", right: false), at: 0)
    let review = Review(of: Self.course, progress, at: Self.day - 1)
    #expect(review.items.isEmpty)
    #expect(review.next == Self.day)
    #expect(Review(of: Self.course, progress, at: Self.day).items.count == 1)
  }

  @Test("A file of an earlier version has a schedule, and lines of a later one stay in it")
  func oldFile() throws {
    let folder = ProgressFolder()
    let old = """
      {"v":1,"time":100,"event":"answered","question":"n#s1/1","answer":"9","right":false}
      {"v":1,"time":160,"event":"answered","question":"n#s1/1","answer":"1","right":true}
      {"v":1,"time":200,"event":"predicted","id":"guess","prediction":"1","right":true}
      {"v":9,"time":300,"event":"dreamt","of":"sheep"}

      """
    try folder.write(old.utf8)
    let progress = try folder.log.read()
    let review = Review(of: Self.course, progress, at: 3 * Self.day)
    #expect(review.items.map(\.name.text) == ["n#s1/1", "guess"])
    #expect(review.items.map(\.isMissed) == [true, false])
    #expect(progress.firstPrediction(for: "guess") == .init(text: "1", right: true))
    #expect(progress.skippedLines == 1)
    try folder.log.append(answered(1, right: true))
    #expect(folder.bytes.starts(with: Array(old.utf8)))
  }

  @Test("The time to record at can be given from outside")
  func clock() throws {
    let folder = ProgressFolder()
    let log = ProgressLog(
      Workspace(root: folder.path, buildFolder: folder.path),
      environment: ["WORKBOOK_NOW": "1700000000.5"])
    #expect(log.now == 1700000000.5)
    try log.append(answered(1, right: true))
    #expect(
      Review(of: Self.course, try log.read(), at: log.now).next == 1700000000.5 + Self.day)
  }
}
