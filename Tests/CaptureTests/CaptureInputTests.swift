import CLinux
import Capture
import Glibc
import Testing

@Suite struct CaptureInputTests {
  static let frames = (1...400).map { frame([UInt8](repeating: UInt8($0 & 0xFF), count: $0)) }

  static let capture: [UInt8] = {
    var writer = CaptureWriter()
    return writer.header(CapturedInterface(linkType: .raw)) + frames.flatMap { writer.frame($0) }
  }()

  func bytes(_ input: CaptureInput) -> (frames: [[UInt8]], error: String?) {
    var reader = CaptureReader(input)
    var frames: [[UInt8]] = []
    do throws(CaptureError) {
      while let frame = try reader.nextFrame() { frames.append(frame.bytes) }
      return (frames, nil)
    } catch {
      return (frames, error.description)
    }
  }

  @Test("A gzip file is read as what it holds, of one member or several")
  func compressed() {
    let half = Self.capture.count / 2
    let file = gzip(Array(Self.capture[..<half])) + gzip(Array(Self.capture[half...]))
    for file in [gzip(Self.capture), file, file + [0, 0, 0]] {
      let input = CaptureInput(bytes: file)
      #expect(CaptureFile.isCapture(input.peek(16)))
      let (frames, error) = bytes(input)
      #expect(error == nil)
      #expect(frames == Self.frames.map(\.bytes))
    }
  }

  @Test("A gzip file torn anywhere, or damaged, gives the frames before that and says so")
  func tornCompressed() {
    let file = gzip(Self.capture)
    for count in stride(from: 20, to: file.count, by: 997) {
      let (frames, error) = bytes(CaptureInput(bytes: Array(file.prefix(count))))
      #expect(error == "the gzip data ends in the middle")
      #expect(frames == Self.frames.prefix(frames.count).map(\.bytes))
    }
    var damaged = file
    damaged[file.count - 6] ^= 1
    let (frames, error) = bytes(CaptureInput(bytes: damaged))
    #expect(error == "the gzip data is damaged")
    #expect(frames.count == Self.frames.count)
  }

  @Test("A pipe is read as its bytes come, and printing is flushed before each wait")
  func pipe() throws {
    let (reading, writing) = try makePipe()
    let input = CaptureInput(descriptor: reading)
    var pieces = stride(from: 0, to: Self.capture.count, by: 1000).map {
      Array(Self.capture[$0..<min($0 + 1000, Self.capture.count)])
    }
    pieces.reverse()
    var waits = 0
    // What would wait gets the next piece, and in the end the pipe's end.
    input.beforeWaiting = {
      waits += 1
      if let piece = pieces.popLast() {
        #expect(write(writing, piece, piece.count) == piece.count)
      } else {
        close(writing)
      }
    }
    let (frames, error) = bytes(input)
    close(reading)
    #expect(error == nil)
    #expect(frames == Self.frames.map(\.bytes))
    #expect(waits == (Self.capture.count + 999) / 1000 + 1)
  }

  @Test("A gzip file is known as one even where its first byte comes alone")
  func compressedByteByByte() throws {
    let (reading, writing) = try makePipe()
    let input = CaptureInput(descriptor: reading)
    let file = gzip(Array(Self.capture.prefix(1000)))
    var pieces = [Array(file[1...]), Array(file[..<1])]
    input.beforeWaiting = {
      if let piece = pieces.popLast() {
        #expect(write(writing, piece, piece.count) == piece.count)
      } else {
        close(writing)
      }
    }
    #expect(try input.rest() == Array(Self.capture.prefix(1000)))
    close(reading)
  }

  @Test("A connection that breaks in the middle of a gzip file is what is told")
  func brokenConnection() throws {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
    let part = Array(gzip(Self.capture).prefix(1000))
    #expect(write(ends[1], part, part.count) == part.count)
    // An end that is closed with something unread resets the other.
    #expect(write(ends[0], [1], 1) == 1)
    close(ends[1])
    #expect(bytes(CaptureInput(descriptor: ends[0])).error == "Connection reset by peer")
    close(ends[0])
  }

  @Test("An interruption ends a pipe that nothing comes through any more")
  func interrupted() throws {
    let (reading, writing) = try makePipe()
    let (stopped, stop) = try makePipe()
    let input = CaptureInput(descriptor: reading)
    input.interruptDescriptor = stopped
    let part = Array(Self.capture.prefix(24 + 17 + 18 + 5))
    #expect(write(writing, part, part.count) == part.count)
    input.beforeWaiting = { _ = write(stop, [1], 1) }
    let (frames, error) = bytes(input)
    for descriptor in [reading, writing, stopped, stop] { close(descriptor) }
    #expect(frames.count == 2)
    #expect(error == nil)
    #expect(input.isInterrupted)
  }

  @Test("A file that is opened by name is read; one that is not there gives the system's reason")
  func opened() throws {
    let (reading, writing) = try makePipe()
    #expect(write(writing, Self.capture, 1000) == 1000)
    close(writing)
    let (frames, error) = bytes(try CaptureInput.open("/dev/fd/\(reading)"))
    close(reading)
    #expect(frames.count > 1)
    #expect(error?.contains("ends at byte 1000") == true)
    #expect {
      _ = try CaptureInput.open("/nowhere/at/all")
    } throws: { "\($0)" == "No such file or directory" }
    #expect(bytes(try CaptureInput.open("/")).error == "Is a directory")
  }

  @Test("A file that was opened by name is closed, a descriptor that was given stays open")
  func closing() throws {
    // Descriptors are told by the file, for their numbers are given to other threads meanwhile.
    let path = "/tmp/pathfinder-closing-\(getpid())"
    let given = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    try #require(given >= 0)
    defer { unlink(path) }
    do {
      let byName = try CaptureInput.open(path)
      #expect(descriptors(of: path) == 2)
      _ = byName.peek(1)
    }
    #expect(descriptors(of: path) == 1)
    _ = CaptureInput(descriptor: given)
    #expect(descriptors(of: path) == 1)
    close(given)
    #expect(descriptors(of: path) == 0)
  }

  @Test("What is no capture can be taken as a whole")
  func rest() throws {
    let input = CaptureInput(bytes: gzip([1, 2, 3]))
    #expect(input.peek(2) == [1, 2])
    #expect(input.peek(-1) == [])
    #expect(try input.rest() == [1, 2, 3])
    #expect(try input.rest() == [])
    #expect(throws: CaptureError.self) {
      _ = try CaptureInput(bytes: [1, 2, 3]).rest(most: 2)
    }
    #expect(try CaptureInput(bytes: [1, 2, 3]).rest(most: 3) == [1, 2, 3])
    #expect {
      _ = try CaptureInput.open("/").rest()
    } throws: { "\($0)" == "Is a directory" }
  }

  /// How many descriptors of this process are open on the file.
  private func descriptors(of path: String) -> Int {
    var file = stat()
    guard stat(path, &file) == 0 else { return 0 }
    return (0..<Int32(4096)).count { descriptor in
      var other = stat()
      return fstat(descriptor, &other) == 0 && other.st_ino == file.st_ino
        && other.st_dev == file.st_dev
    }
  }

  /// A pipe whose ends no program inherits that another test starts meanwhile.
  private func makePipe() throws -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(linux_pipe_close_on_exec(&ends) == 0)
    return (ends[0], ends[1])
  }
}

/// A gzip member that stores its data as it is (RFC 1951 §3.2.4, RFC 1952 §2.3).
func gzip(_ data: [UInt8]) -> [UInt8] {
  var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  var start = 0
  repeat {
    let end = min(start + 65535, data.count)
    let length = Order.little.half(end - start)
    member += [end == data.count ? 1 : 0] + length + length.map { ~$0 } + data[start..<end]
    start = end
  } while start < data.count
  var checksum: UInt32 = 0xFFFF_FFFF
  for byte in data {
    checksum ^= UInt32(byte)
    for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
  return member + Order.little.words(Int(~checksum), data.count)
}
