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
    while malloc(size) != nil {}
    size -= size > 4096 ? size / 2 : 16
  }
  while malloc(16) != nil {}
  body()
}
