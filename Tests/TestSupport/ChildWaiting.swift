public import Testing

/// Keeps a suite from running beside another one that waits for child processes.
///
/// Such a test blocks its thread, and there are only as many threads as cores: several at once
/// would hold up all others, whose time limits would count the wait. The lock is taken for the whole
/// suite, before any of its tests begins, so that no time limit counts the wait for it.
public struct ChildWaitingTrait: SuiteTrait, TestScoping {
  /// Runs the suite when no other suite of this kind runs.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    await ChildLock.shared.lock()
    do {
      try await function()
    } catch {
      await ChildLock.shared.unlock()
      throw error
    }
    await ChildLock.shared.unlock()
  }
}

extension Trait where Self == ChildWaitingTrait {
  /// The suite's tests wait for child processes; goes together with `.serialized`.
  public static var waitsForChildren: Self { Self() }
}

/// A lock that is waited for without a thread; those who wait get it in their order.
private actor ChildLock {
  static let shared = ChildLock()

  private var isLocked = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func lock() async {
    if isLocked {
      await withCheckedContinuation { waiting.append($0) }
    } else {
      isLocked = true
    }
  }

  /// Hands the lock on to the first who waits.
  func unlock() {
    if waiting.isEmpty {
      isLocked = false
    } else {
      waiting.removeFirst().resume()
    }
  }
}
