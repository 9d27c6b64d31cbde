import Glibc

/// Runs the body once as usual, then once with no memory left: whatever allocates then crashes.
///
/// Belongs in a process of its own, which it leaves without memory.
public func withoutMemory(_ body: () -> Void) {
  // What is made on first use (tables, type metadata) is not the packet's doing.
  body()
  var limit = rlimit(rlim_cur: 0, rlim_max: .max)
  guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { _exit(10) }
  // The allocator may not grow any more; now it is made to give away all that it still has.
  var size = 1 << 24
  while size > 16 {
    while let taken = malloc(size) { lastTaken = taken }
    size -= size > 4096 ? size / 2 : 16
  }
  while let taken = malloc(16) { lastTaken = taken }
  body()
}

/// Memory that nobody keeps the optimiser need not take, and then it would never run out.
nonisolated(unsafe) private var lastTaken: UnsafeMutableRawPointer?
