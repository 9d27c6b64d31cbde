import FuzzTargets
import Glibc

/// The target that the environment names; which one is settled before the first input.
private let target: FuzzTarget = {
  guard let name = getenv("FUZZ_TARGET"), let target = FuzzTarget(rawValue: String(cString: name))
  else { fatalError("FUZZ_TARGET names none of \(FuzzTarget.allCases.map(\.rawValue))") }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// `FUZZ_TARGET=list` prints each target and the longest input that it is given, and ends.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutableRawPointer?
) -> CInt {
  if let name = getenv("FUZZ_TARGET"), String(cString: name) == "list" {
    for target in FuzzTarget.allCases { print(target.rawValue, target.longestInput) }
    exit(0)
  }
  return 0
}
