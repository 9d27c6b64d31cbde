import TestSupport
import Testing

/// What is said about misspelled commands, options, values and names: one suggestion, if one is near.
@Suite struct SuggestionTests {
  @Test(
    "One suggestion is made for a word that is near",
    arguments: [
      (["raed", "nat-table"], "there is no command 'raed'; did you mean 'read'?"),
      (["progress", "imprt", "x"], "there is no command 'progress imprt'; did you mean 'import'?"),
      (["export", "htm", "x"], "there is no command 'export htm'; did you mean 'html'?"),
      (["list", "--exmaples"], "Unknown option '--exmaples'. Did you mean '--examples'?"),
      (["nat", "--preset", "symetric"], "Did you mean 'symmetric'? Please provide one of"),
      (["matrix", "symetric", "linux"], "Did you mean 'symmetric'? Please provide one of"),
      (["list", "--color", "allways"], "Did you mean 'always'? Please provide one of"),
      (["read", "nat-tabel"], "no note is called 'nat-tabel'; did you mean 'nat-table'?"),
      (["reader", "nat-tabel"], "no note is called 'nat-tabel'; did you mean 'nat-table'?"),
      (["run", "nat-frist-packet"], "did you mean 'nat-first-packet'?"),
      (["play", "nat-frist-packet"], "did you mean 'nat-first-packet'?"),
      (["start", "pair-prority"], "did you mean 'pair-priority'?"),
      (["glossary", "maping"], "the glossary has no word 'maping'; did you mean 'mapping'?"),
      (["cheatsheet", "nat-tabel"], "no note is called 'nat-tabel'; did you mean 'nat-table'?"),
      (["answer", "nat-tabel#3/1", "1"], "did you mean 'nat-table'?"),
    ])
  func near(arguments: [String], message: String) throws {
    let result = try Program.run(arguments)
    #expect(result.exitCode == 64)
    #expect(result.errorOutput.contains(message), "\(result.errorOutput)")
    #expect(
      result.errorOutput.lowercased().matches(of: #/did you mean/#).count == 1,
      "\(result.errorOutput)")
  }

  @Test(
    "None is made for a word that is far from all",
    arguments: [
      (["frobnicate"], "there is no command 'frobnicate'; 'workbook help' lists them"),
      (["progress", "xyzzy"], "there is no command 'progress xyzzy'"),
      (["list", "--zzz"], "Unknown option '--zzz'"),
      (["nat", "--preset", "zzz"], "Please provide one of"),
      (["read", "zzz"], "no note is called 'zzz'; 'workbook list' names them"),
      (["glossary", "xyzzy"], "the glossary has no word 'xyzzy'; 'workbook glossary' lists them"),
    ])
  func far(arguments: [String], message: String) throws {
    let result = try Program.run(arguments)
    #expect(result.exitCode == 64)
    #expect(result.errorOutput.contains(message), "\(result.errorOutput)")
    #expect(!result.errorOutput.lowercased().contains("did you mean"), "\(result.errorOutput)")
  }

  @Test(
    "Help is asked for as before",
    arguments: [["help"], ["help", "read"], ["progress", "--help"]])
  func help(arguments: [String]) throws {
    let result = try Program.run(arguments)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("USAGE"))
  }
}
