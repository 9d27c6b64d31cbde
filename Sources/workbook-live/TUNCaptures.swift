import Glibc
import ProgramSupport
import Router
import Simulator

/// The packets of a world with real hosts, as pcap files, one for each interface.
///
/// They are written as they come: the network forgets what is long past. Their times are the time of day,
/// as in what the programs on the hosts log or capture themselves.
final class TUNCaptures {
  private struct File {
    let side: NATRouter.Side
    let path: String
    let stream: UnsafeMutablePointer<FILE>
  }

  /// Why something could not be written; nothing more is then.
  private(set) var failure: WorkbookError?
  /// The files of each node, by its number.
  private var files: [Int: [File]] = [:]

  /// Makes the folder, and a file for each interface of the world.
  init(in folder: String, of trace: Trace) throws(WorkbookError) {
    try makeFolder(folder)
    for point in trace.capturePoints {
      let path = "\(folder)/\(point.fileName)"
      // "e": programs on hosts do not inherit it.
      guard let stream = fopen(path, "we") else { throw .notWritten("write \(path)", errno) }
      let file = File(side: point.side, path: path, stream: stream)
      files[point.node.index, default: []].append(file)
      write(Trace.pcapHeader, to: file)
    }
    flush()
    if let failure { throw failure }
  }

  deinit {
    for file in files.values.joined() { fclose(file.stream) }
  }

  /// Writes the packets of an event.
  ///
  /// - Parameter start: the time of day at which the network's time began, since 1970.
  func add(_ event: Trace.Event, from start: Duration) {
    for file in files[event.node.index] ?? [] {
      let records = event.pcapRecords(on: file.side, from: start)
      if !records.isEmpty { write(records, to: file) }
    }
  }

  /// Hands what was written to the system, so that others can read it.
  func flush() {
    for file in files.values.joined() where failure == nil && fflush(file.stream) != 0 {
      failure = .notWritten("write \(file.path)", errno)
    }
  }

  private func write(_ bytes: [UInt8], to file: File) {
    guard failure == nil, fwrite(bytes, 1, bytes.count, file.stream) != bytes.count else { return }
    failure = .notWritten("write \(file.path)", errno)
  }
}
