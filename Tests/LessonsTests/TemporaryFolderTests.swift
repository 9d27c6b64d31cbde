import ProgramSupport
import Testing

@testable import Lessons

@Suite struct TemporaryFolderTests {
  @Test("What a killed program left is removed when it is old, and nothing else is")
  func abandoned() throws {
    let parent = try TemporaryFolder(in: "/tmp")
    defer { parent.remove() }
    let left = try TemporaryFolder(in: parent.path)
    try writeNewFile(left["Answer.o"], [1], durably: false)
    try writeNewFile(parent["checks.o"], [1], durably: false)

    TemporaryFolder.removeAbandoned(in: parent.path)
    #expect(isFile(left["Answer.o"]))

    TemporaryFolder.removeAbandoned(in: parent.path, age: 0)
    #expect(!isFolder(left.path))
    #expect(isFile(parent["checks.o"]))
  }
}
