import TestSupport
import Testing

/// Looking a word up, and printing the page to keep of a note.
@Suite struct GlossaryCommandTests {
  @Test("A word is defined, with its other names and the commands that print the steps about it")
  func word() throws {
    let result = try Program.run(["glossary", "mappings"])
    #expect(result.exitCode == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.first == "mapping")
    #expect(result.output.contains("What a NAT remembers of an inside endpoint"))
    #expect(result.output.contains("Also:      binding\n"))
    let command = try #require(
      result.output.firstMatch(of: #/Taught in: \./workbook read (\S+)  (.+)\n/#)?.output)
    let step = try Program.run(["read", String(command.1)])
    #expect(step.exitCode == 0)
    #expect(step.output.contains(command.2))
    #expect(step.output.contains("mapping"))
  }

  @Test("Several words are one term, also written out in full")
  func words() throws {
    #expect(try Program.run(["glossary", "transport", "address"]).output.contains("with a port"))
    let nat = try Program.run(["glossary", "network", "address", "translation"])
    #expect(nat.output.hasPrefix("NAT (Network Address Translation)\n"))
  }

  @Test("Without a word every term has one line")
  func list() throws {
    let result = try Program.run(["glossary"])
    #expect(result.exitCode == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.count > 100)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.hasPrefix("mapping  ") && $0.contains("  What a NAT remembers") })
    #expect(lines.last?.hasSuffix("./workbook glossary WORD") == true)
  }

  @Test("A cheat sheet has a picture, three sentences and numbers, by the note's name or number")
  func sheet() throws {
    let result = try Program.run(["cheatsheet", "nat-table"])
    #expect(result.exitCode == 0)
    #expect(result.output.hasPrefix("The NAT table\n"))
    for part in ["✗ dropped or lost", "\n1. ", "\n2. ", "\n3. ", "\n300 s  "] {
      #expect(result.output.contains(part), "\(part)")
    }
    #expect(try Program.run(["cheatsheet", "2"]).output == result.output)
    #expect(try Program.run(["cheatsheet", "zzz"]).exitCode == 64)
  }
}
