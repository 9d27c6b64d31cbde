import FoundationEssentials
import Glibc
import ProgramSupport
import TestSupport
import Testing

@testable import Lessons

@Suite(.timeLimit(.minutes(1))) struct CacheFolderTests {
  private let cache: CacheFolder

  init() throws {
    cache = CacheFolder(path: FileManager.default.temporaryDirectory.path + "/\(UUID())")
    try FileManager.default.createDirectory(atPath: cache.path, withIntermediateDirectories: true)
  }

  private func make(_ content: String) throws -> String {
    let path = "\(cache.path)/work-\(UUID())"
    try content.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  /// Says that a file was last used so many seconds ago.
  private func age(_ name: String, by seconds: Int) {
    let time = timespec(tv_sec: time(nil) - seconds, tv_nsec: 0)
    #expect(utimensat(AT_FDCWD, "\(cache.path)/\(name)", [time, time], 0) == 0)
  }

  @Test("What was used longest ago goes first, and only what is named alike")
  func oldest() throws {
    defer { try? FileManager.default.removeItem(atPath: cache.path) }
    for name in ["a-1", "a-2", "a-3", "b-1"] {
      _ = try cache.keep(make(name), as: name, newest: 8, of: "a-")
    }
    for (name, seconds) in [("a-1", 90), ("a-2", 80), ("a-3", 70), ("b-1", 100)] {
      age(name, by: seconds)
    }
    #expect(cache.file(named: "a-1") != nil)
    _ = try cache.keep(make("a-4"), as: "a-4", newest: 3, of: "a-")
    #expect(names(in: cache.path).sorted() == ["a-1", "a-3", "a-4", "b-1"])
  }

  @Test("A file that several programs make at once is there from the first moment on")
  func neverMissing() throws {
    defer { try? FileManager.default.removeItem(atPath: cache.path) }
    let (cache, copies) = (cache, try (0..<500).map { _ in try make("made") })
    _ = try cache.keep(make("made"), as: "lib-1", newest: 1, of: "lib-")
    Thread.detach {
      for copy in copies { _ = try? cache.keep(copy, as: "lib-1", newest: 1, of: "lib-") }
    }
    while isFile(copies.last ?? "") { try #require(cache.file(named: "lib-1") != nil) }
  }

  @Test("What cannot be taken in is an error that names the file")
  func failure() throws {
    defer { try? FileManager.default.removeItem(atPath: cache.path) }
    let error = #expect(throws: WorkbookError.self) {
      try cache.keep("\(cache.path)/nothing", as: "a-1", newest: 1, of: "a-")
    }
    #expect("\(try #require(error))".contains("\(cache.path)/a-1"))
  }
}
