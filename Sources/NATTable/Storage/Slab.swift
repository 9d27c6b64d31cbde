/// Plain elements that keep their indexes, in pages: growing never moves what is there.
///
/// A single array would copy a million elements when it grows, and one packet would wait for that;
/// and each access to it would read its header, a cache line more than the element's own.
///
/// The memory is managed by hand, and this is why that is safe:
/// - Elements are plain data without references, so that none has to be released.
/// - An index is only used after `append` has made it; in debug builds each access is checked.
/// - Copies share the memory. The holder of a copy calls `makeUnique` before the next change, as
///   ``NATTable`` does at the start of each change of its own; debug builds check that too. So what
///   is shared is never written, which also makes it safe to send elsewhere.
/// - The memory goes back when the last copy is gone, by the owner that the copies have in common.
struct Slab<Element: Sendable>: @unchecked Sendable {
  /// Where the pages are; as many as `owner` says.
  private var pages: UnsafeMutablePointer<UnsafeMutableRawPointer>?
  private var owner: PageOwner?
  private(set) var count = 0
  /// How many pages are made at once at the beginning.
  private let leadingPages: Int
  /// The first element, and how many those pages hold: they are found without the list.
  private var first: UnsafeMutablePointer<Element>?
  private var leading = 0

  #if SMALL_PAGES
    // For fuzzing, where a whole table lives for a hundred packets or less: it fills several pages
    // all the same, and costs little to make, to copy and to throw away.
    private static var pageBits: Int { MemoryLayout<Element>.stride < 32 ? 9 : 4 }
  #else
    // 512 elements a page: some tens of kilobytes to allocate at once, and nine bits to cut off.
    private static var pageBits: Int { 9 }
  #endif
  private static var pageSize: Int { 1 << pageBits }
  private static var pageByteCount: Int { MemoryLayout<Element>.stride << pageBits }

  /// - Parameter leadingPages: how many pages are made at once at the beginning, one after the
  ///   other in memory, so that what is looked for there is found in fewer steps. Memory that
  ///   nothing has been written to is only an address.
  init(leadingPages: Int = 1) {
    precondition(isPlainData(Element.self), "the elements of a slab are plain data")
    #if SMALL_PAGES
      self.leadingPages = min(2, leadingPages)
    #else
      self.leadingPages = leadingPages
    #endif
  }

  /// The element at an index below `count`, where it is.
  ///
  /// By its address, as a coroutine accessor would allocate its frame wherever the compiler does
  /// not inline it.
  subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress { pointer(to: index) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: index) }
  }

  @inline(__always)
  func pointer(to index: Int) -> UnsafePointer<Element> {
    assert(index >= 0 && index < count, "no such index")
    if likely(index < leading) { return UnsafePointer(first.unsafelyUnwrapped + index) }
    let page = page(index &>> Self.pageBits)
    return UnsafePointer(page + (index & (Self.pageSize - 1)))
  }

  @inline(__always)
  private func page(_ number: Int) -> UnsafeMutablePointer<Element> {
    pages.unsafelyUnwrapped[number].assumingMemoryBound(to: Element.self)
  }

  @inline(__always)
  mutating func mutablePointer(to index: Int) -> UnsafeMutablePointer<Element> {
    assertUnique()
    return UnsafeMutablePointer(mutating: pointer(to: index))
  }

  /// Adds an element at index `count`.
  ///
  /// - Complexity: O(1); once in 512 times a page is allocated, and once in a while the list of
  ///   pages doubles.
  mutating func append(_ element: Element) {
    let page = count >> Self.pageBits
    if page == owner?.used ?? 0 { addPage() }
    assertUnique()
    (self.page(page) + (count & (Self.pageSize - 1))).initialize(to: element)
    count += 1
  }

  /// Adds so many elements of one kind, a page at a time.
  ///
  /// - Complexity: O(number).
  mutating func append(repeating element: Element, count number: Int) {
    var rest = number
    while rest > 0 {
      let page = count >> Self.pageBits
      if page == owner?.used ?? 0 { addPage() }
      assertUnique()
      let start = count & (Self.pageSize - 1)
      let part = min(rest, Self.pageSize - start)
      (self.page(page) + start).initialize(repeating: element, count: part)
      count += part
      rest -= part
    }
  }

  /// Takes the last element away; its page stays for the next.
  mutating func removeLast() {
    assert(count > 0, "there is no element")
    count -= 1
  }

  private mutating func addPage() {
    if owner.map({ $0.used == $0.capacity }) ?? true {
      let larger = PageOwner(capacity: max(4, leadingPages, 2 * (owner?.capacity ?? 0)))
      if let owner { larger.takePages(of: owner) }
      owner = larger
      pages = larger.pages
    }
    guard let owner else { return }
    owner.append(owner.used == 0 ? leadingPages : 1, byteCount: Self.pageByteCount)
    if leadingPages > 1, first == nil {
      first = page(0)
      leading = leadingPages << Self.pageBits
    }
  }

  // MARK: - Copies

  /// Whether no copy shares the memory.
  var isUnique: Bool {
    mutating get { owner == nil || isKnownUniquelyReferenced(&owner) }
  }

  /// Gives this copy memory of its own.
  ///
  /// - Complexity: O(count) if the memory is shared, else O(1).
  mutating func makeUnique() {
    if isUnique { return }
    let old = self
    self = Slab(leadingPages: leadingPages)
    while count < old.count {
      let number = count >> Self.pageBits
      if number == owner?.used ?? 0 { addPage() }
      let used = min(Self.pageSize, old.count - count)
      page(number).initialize(from: old.page(number), count: used)
      count += used
    }
  }

  @inline(__always)
  private mutating func assertUnique() {
    assert(isUnique, "a copy is changed that shares its memory")
  }
}

/// The pages of a slab, which its copies have in common: they are given back at the end.
private final class PageOwner {
  let pages: UnsafeMutablePointer<UnsafeMutableRawPointer>
  let capacity: Int
  private(set) var used = 0

  /// How many pages have the first one's memory.
  private var leading = 0

  init(capacity: Int) {
    self.capacity = capacity
    pages = .allocate(capacity: capacity)
  }

  /// Adds so many pages in one piece: one, or at the beginning several.
  func append(_ number: Int, byteCount: Int) {
    precondition(number == 1 || used == 0 && number <= capacity, "several pages come first")
    // From a cache line's start, as entries are made to fill whole ones.
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: number * byteCount, alignment: 64)
    if used == 0 { leading = number }
    for page in 0..<number { (pages + used + page).initialize(to: memory + page * byteCount) }
    used += number
  }

  /// Has the pages of another owner from now on, which is left with none.
  func takePages(of other: PageOwner) {
    pages.update(from: other.pages, count: other.used)
    (used, other.used) = (other.used, 0)
    leading = other.leading
  }

  deinit {
    if used > 0 { pages[0].deallocate() }
    for number in max(1, leading)..<max(1, leading, used) { pages[number].deallocate() }
    pages.deallocate()
  }
}
