import ArgumentParser
import CommandOptions
import Glibc
import ICE
import NoteFormat
import PairTable
import ProgramSupport
import Terminal

/// `pairs`: the checklists of an offer and an answer.
struct PairsCommand: ParsableCommand {
  static let configuration = PairsArguments.configuration

  @OptionGroup var arguments: PairsArguments

  func run() throws {
    let table = PairTable(
      offer: try Self.read(arguments.offer), answer: try Self.read(arguments.answer),
      side: arguments.answerer ? .answerer : .offerer)
    let output = arguments.output.output()
    if arguments.format.json {
      try output.json(PairsReport(table))
    } else {
      output.lines(PairsPage(output.presentation).lines(of: table))
    }
    output.flush()
    if !table.hasHope { throw ExitCode(1) }
  }

  /// Reads a side from a file, a pipe or standard input.
  private static func read(_ path: String) throws(WorkbookError) -> SignaledSide {
    let isInput = path == "-"
    let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    defer { if !isInput, descriptor >= 0 { close(descriptor) } }
    let name = isInput ? "standard input" : path
    guard descriptor >= 0, let bytes = bytes(of: descriptor) else {
      throw .missing("cannot read \(name): \(String(cString: strerror(errno)))", remedy: nil)
    }
    do throws(SDPError) {
      return try SignaledSide(parsing: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw .badData([
        Problem(
          file: name, position: SourcePosition(line: error.line, column: error.column),
          message: "\(error.problem)")
      ])
    }
  }

  /// All that a descriptor gives; nil with `errno` where it cannot be read.
  private static func bytes(of descriptor: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 {
        return bytes
      } else if errno != EINTR {
        return nil
      }
    }
  }
}
