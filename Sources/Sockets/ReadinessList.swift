import CLinux
import Glibc

/// Descriptors that are waited for, however many: a wait costs what is ready, not what is watched.
struct ReadinessList: ~Copyable {
  /// Names a descriptor that was watched; never used again for another.
  typealias Name = UInt64

  /// What has been found ready.
  struct Ready {
    var name: Name
    /// The bits of `poll`.
    var events: Int16
  }

  private let list: Int32
  /// Why there is no list, an `errno`.
  private let failure: Int32
  /// Whose each descriptor is now: the number may have been another's before.
  private var names: [Int32: Name] = [:]
  /// Descriptors that the kernel keeps on no list, as regular files, which are ready at any time.
  private var always: [Name: Int16] = [:]
  private let found: UnsafeMutablePointer<linux_ready>
  private var count = 0
  private var next = 0

  init() {
    list = linux_readiness_open()
    failure = list < 0 ? errno : 0
    found = .allocate(capacity: Int(LINUX_READY))
  }

  deinit {
    if list >= 0 { close(list) }
    found.deallocate()
  }

  /// Watches a descriptor, or watches it for something else.
  mutating func watch(_ descriptor: Int32, for events: Int16, as name: Name) {
    names[descriptor] = name
    // What the last wait has found counts as far as it is still asked for; errors do always.
    let asked = events | Int16(POLLERR) | Int16(POLLHUP) | Int16(POLLNVAL)
    for index in next..<count where found[index].name == name { found[index].events &= asked }
    if linux_readiness_watch(list, descriptor, events, name) == 0 { return }
    // `poll` calls a regular file ready, and tells of a descriptor that is none.
    always[name] = errno == EBADF ? Int16(POLLNVAL) : events
  }

  /// Ends that. The descriptor may be closed already, and another's.
  mutating func forget(_ descriptor: Int32, as name: Name) {
    always[name] = nil
    guard names[descriptor] == name else { return }
    names[descriptor] = nil
    linux_readiness_forget(list, descriptor)
  }

  /// Whether something of what the last wait has found is left.
  var isEmpty: Bool { next == count }

  /// The next of what the last wait has found.
  mutating func take() -> Ready? {
    while next < count {
      defer { next += 1 }
      guard found[next].events != 0 else { continue }
      return Ready(name: found[next].name, events: found[next].events)
    }
    return nil
  }

  /// Takes this one out of what the last wait has found, as it comes before the others.
  mutating func takeFirst(_ name: Name) -> Bool {
    for index in next..<count where found[index].name == name {
      found[index].name = found[next].name
      found[index].events = found[next].events
      next += 1
      return true
    }
    return false
  }

  /// Waits until something is ready, or so long; a signal ends the wait, too.
  ///
  /// - Throws: ``SocketError`` where the kernel refuses.
  mutating func wait(milliseconds: Int32) throws(SocketError) {
    (count, next) = (0, 0)
    guard list >= 0 else { throw SocketError("wait for datagrams", code: failure) }
    let isSomethingReady = always.contains { $0.value != 0 }
    let result = linux_readiness_wait(
      list, found, LINUX_READY / 2, isSomethingReady ? 0 : milliseconds)
    if result < 0, errno != EINTR { throw SocketError("wait for datagrams") }
    count = max(0, Int(result))
    for (name, events) in always where events != 0 && count < Int(LINUX_READY) {
      found[count] = linux_ready(name: name, events: events)
      count += 1
    }
  }
}
