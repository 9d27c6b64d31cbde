import CLinux
import Foundation
import Glibc
import Terminal
import Testing

/// Hands a fresh pipe's ends (reading, writing) to `body` and closes what is still open.
///
/// No program that another test starts meanwhile inherits them.
func withPipe(_ body: (Int32, Int32) throws -> Void) rethrows {
  var ends: [Int32] = [0, 0]
  linux_pipe_close_on_exec(&ends)
  defer {
    close(ends[0])
    close(ends[1])
  }
  try body(ends[0], ends[1])
}

private func readAll(_ descriptor: Int32) -> [UInt8] {
  var all: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1000)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    guard count > 0 else { return all }
    all += chunk[..<count]
  }
}

@Suite struct WriterTests {
  @Test("Nothing is written before a flush, and all of it then")
  func buffered() {
    withPipe { reading, writing in
      _ = fcntl(reading, F_SETFL, O_NONBLOCK)
      let writer = Writer(descriptor: writing, presentation: Presentation())
      writer.line(StyledText("one", .success))
      writer.text("two\u{1B}")
      #expect(readAll(reading).isEmpty)
      writer.flush()
      #expect(readAll(reading) == Array("one\ntwo\\u{1B}".utf8))
    }
  }

  @Test("What is in the buffer is written when the writer goes")
  func flushedAtTheEnd() {
    withPipe { reading, writing in
      _ = fcntl(reading, F_SETFL, O_NONBLOCK)
      do {
        let writer = Writer(descriptor: writing, presentation: Presentation())
        writer.lines(["a", "b"])
      }
      #expect(readAll(reading) == Array("a\nb\n".utf8))
    }
  }

  @Test("A reader that went away ends the output, and no signal comes")
  func closedPipe() {
    var ends: [Int32] = [0, 0]
    linux_pipe_close_on_exec(&ends)
    close(ends[0])
    let writer = Writer(descriptor: ends[1], presentation: Presentation())
    writer.line("into the void")
    writer.flush()
    #expect(writer.isClosed)
    #expect(writer.failure == nil)
    writer.line("and again")
    writer.flush()
    close(ends[1])
  }

  @Test("A full disk is reported")
  func fullDisk() {
    let descriptor = open("/dev/full", O_WRONLY)
    let writer = Writer(descriptor: descriptor, presentation: Presentation())
    writer.line("x")
    writer.flush()
    #expect(writer.isClosed)
    #expect(writer.failure == ENOSPC)
    close(descriptor)
  }

  @Test("Output larger than the pipe arrives whole, in order", arguments: [0, O_NONBLOCK])
  func partialWrites(flags: Int32) async {
    var ends: [Int32] = [0, 0]
    linux_pipe_close_on_exec(&ends)
    let (reading, writing) = (ends[0], ends[1])
    _ = fcntl(writing, F_SETFL, flags)
    // A thread of its own: the tasks' threads are few, and writers that wait could fill them.
    let (received, arrival) = AsyncStream.makeStream(of: [UInt8].self)
    Thread.detachNewThread { arrival.yield(readAll(reading)) }
    let sent = (0..<40_000).map { "line \($0)\n" }.joined()
    let writer = Writer(descriptor: writing, presentation: Presentation())
    writer.raw(sent)
    writer.flush()
    close(writing)
    let whole = await received.first { _ in true }
    #expect(whole == Array(sent.utf8))
    close(reading)
  }
}
