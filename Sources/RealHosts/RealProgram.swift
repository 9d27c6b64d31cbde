import CLinux
import Glibc
public import TUN

/// A program on a real host: its life, and what it prints, line by line.
public final class RealProgram {
  /// The host.
  public let host: RealHost
  /// How the program has ended, as a shell tells it: its exit code, or 128 and a signal; nil while it runs.
  public private(set) var exitCode: Int32?
  private let process: Int32
  private var streams: [Stream] = []

  /// A line that a program has printed.
  public struct Line: Hashable, Sendable {
    /// Without the line feed.
    public let text: String
    /// Whether it went to standard error.
    public let isError: Bool
  }

  /// The reading end of what the program prints.
  private struct Stream {
    let descriptor: Int32
    let isError: Bool
    /// What has no line feed yet.
    var rest: [UInt8] = []
    var isAtEnd = false
  }

  /// A line that is longer is shown in parts.
  private static let longestLine = 65_536

  /// Starts a shell command on a host.
  public init(_ command: String, on host: RealHost) throws(NetworkError) {
    self.host = host
    let output = try Self.pipe()
    let errors: (reading: Int32, writing: Int32)
    do throws(NetworkError) {
      errors = try Self.pipe()
    } catch {
      close(output.reading)
      close(output.writing)
      throw error
    }
    defer {
      close(output.writing)
      close(errors.writing)
    }
    do throws(NetworkError) {
      process = try host.start(
        ["/bin/sh", "-c", command], output: output.writing, errors: errors.writing)
    } catch {
      close(output.reading)
      close(errors.reading)
      throw error
    }
    streams = [
      Stream(descriptor: output.reading, isError: false),
      Stream(descriptor: errors.reading, isError: true),
    ]
  }

  deinit {
    if exitCode == nil { kill(process, SIGKILL) }
    for stream in streams where !stream.isAtEnd { close(stream.descriptor) }
  }

  /// The descriptors that are readable when the program has printed something, or has ended.
  public var descriptors: [Int32] { streams.filter { !$0.isAtEnd }.map(\.descriptor) }

  /// Whether it has ended, and all that it has printed has been read.
  public var hasEnded: Bool { exitCode != nil && descriptors.isEmpty }

  /// Sends a signal to the program and all that it has started; SIGKILL ends them at once.
  public func send(_ signal: Int32) {
    if exitCode == nil { kill(process, signal) }
  }

  /// Looks whether it has ended.
  ///
  /// - Returns: whether it has, since this was last asked.
  public func lookForEnd() -> Bool {
    var status: Int32 = 0
    guard exitCode == nil, waitpid(process, &status, WNOHANG) == process else { return false }
    let signal = status & 0x7F
    exitCode = signal == 0 ? status >> 8 & 0xFF : 128 + signal
    return true
  }

  /// The lines that it has printed since they were last read.
  public func readLines() -> [Line] {
    var lines: [Line] = []
    for index in streams.indices { read(&streams[index], into: &lines) }
    return lines
  }

  // MARK: - Streams

  private static func pipe() throws(NetworkError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard linux_pipe_close_on_exec(&ends) == 0 else { throw NetworkError("make a pipe") }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  private func read(_ stream: inout Stream, into lines: inout [Line]) {
    var part = [UInt8](repeating: 0, count: 16_384)
    // As much as a pipe holds; a program that goes on printing does not keep others waiting.
    for _ in 0..<4 where !stream.isAtEnd {
      let count = Glibc.read(stream.descriptor, &part, part.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { break }
      if count > 0 {
        stream.rest += part[..<count]
      } else {
        close(stream.descriptor)
        stream.isAtEnd = true
      }
    }
    var start = 0
    while let end = stream.rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(Line(stream.rest[start..<end], stream.isError))
      start = end + 1
    }
    stream.rest.removeFirst(start)
    if !stream.rest.isEmpty, stream.isAtEnd || stream.rest.count > Self.longestLine {
      lines.append(Line(stream.rest[...], stream.isError))
      stream.rest = []
    }
  }
}

extension RealProgram.Line {
  fileprivate init(_ bytes: ArraySlice<UInt8>, _ isError: Bool) {
    let text = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
    self.init(text: String(decoding: text, as: UTF8.self), isError: isError)
  }
}
