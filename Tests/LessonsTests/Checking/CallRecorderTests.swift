import Testing

@testable import Lessons

@Suite struct CallRecorderTests {
  let recorder = CallRecorder(
    skeleton: """
      import IPPacket

      /// Words, func no(_ a: Int).
      func first(
        _ packet: Packet, table: inout [String: [Int]], send: (_ a: Int, Int) -> Bool
      ) -> (mapping: Int, filtering: Int) {
        (1, 2)
      }

      func second() {}
      func third<T>(_ value: T) -> T { value }
      func fourth(_ a: Int) throws -> Int { a }
      """)

  @Test("Functions that can be called plainly are found with labels, names and types")
  func functions() {
    #expect(recorder.functions.map(\.name) == ["first", "second"])
    #expect(recorder.functions[0].parameters.map(\.label) == ["_", "table", "send"])
    #expect(recorder.functions[0].parameters.map(\.name) == ["packet", "table", "send"])
    #expect(recorder.functions[0].parameters[1].isInout)
    #expect(recorder.functions[0].parameters[2].isFunction)
    #expect(recorder.functions[0].result == "(mapping: Int, filtering: Int)")
  }

  @Test("The code calls the answer's function with the same arguments, and notes all but closures")
  func source() {
    let source = recorder.source
    #expect(source.contains("import IPPacket\n"))
    #expect(source.contains("return Answer.first(packet, table: &table, send: send)\n"))
    #expect(
      source.contains(#"noteCall { ("first", [("packet", given0), ("table", given1)]) }"#))
    #expect(source.contains("func second() {\n"))
  }

  @Test("A function that another file declares differently is missing there")
  func missing() {
    let skeleton = CallRecorder(skeleton: "func f(_ a: Int) -> Int { 0 }")
    #expect(skeleton.firstFunction(missingIn: skeleton) == nil)
    let other = CallRecorder(skeleton: "func f(_ a: Int) -> Bool { true }")
    #expect(skeleton.firstFunction(missingIn: other)?.found == "func f(_ a: Int) -> Bool")
    let none = CallRecorder(skeleton: "func g() {}")
    #expect(skeleton.firstFunction(missingIn: none)?.expected == "func f(_ a: Int) -> Int")
    #expect(skeleton.firstFunction(missingIn: none)?.found == nil)
  }

  @Test(
    "An answer that mentions no parameter outside its declaration is constant",
    arguments: [
      ("func f(_ a: Int) -> Int { 7 }", true), ("func f(_ a: Int) -> Int { a }", false),
      ("func f(_ a: Int) -> Int { 7 /* a */ } // a\n", true),
      ("func f(_ b: Int) -> Int { b }", false), ("func f(_ a: Int) -> Int { \"a\".count }", true),
    ])
  func constant(answer: String, isConstant: Bool) {
    let skeleton = CallRecorder(skeleton: "func f(_ a: Int) -> Int { 0 }")
    #expect(ConstantAnswer.isConstant(answer, skeleton: skeleton) == isConstant)
  }

  @Test("A function without parameters cannot be called constant")
  func noParameters() {
    let skeleton = CallRecorder(skeleton: "func f() -> Int { 0 }")
    #expect(!ConstantAnswer.isConstant("func f() -> Int { 7 }", skeleton: skeleton))
  }
}
