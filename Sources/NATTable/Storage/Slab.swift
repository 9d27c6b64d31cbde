/// Plain elements that keep their places, in pages: growing never moves what is there.
///
/// A single array would copy a million elements when it grows, and one packet would wait for that;
/// and each access to it would read its header, a cache line more than the element's own.
///
/// The memory is managed by hand, and this is why that is safe:
/// - Elements are plain data without references, so that none has to be released.
/// - A place is only used after `append` has made it; in debug builds each access is checked.
/// - Copies share the memory. Whoever copies a slab calls `makeUnique` before the next change, as
///   ``NATTable`` does at the start of each change of its own; debug builds check that too. So what
///   is shared is never written, which also makes it safe to send elsewhere.
/// - The memory goes back when the last copy is gone, by the owner that the copies have in common.
struct Slab<Element: Sendable>: @unchecked Sendable {
  private typealias Page = UnsafeMutablePointer<Element>

  /// Where the pages are; as many as `owner` says.
  private var pages: UnsafeMutablePointer<Page>?
  private var owner: Owner?
  private(set) var count = 0

  // 512 elements a page: some tens of kilobytes to allocate at once, and nine bits to cut off.
  private static var pageBits: Int { 9 }
  private static var pageSize: Int { 1 << pageBits }

  /// Gives the pages back at the end; the copies of a slab have it in common.
  private final class Owner {
    let pages: UnsafeMutablePointer<Page>
    let capacity: Int
    var used = 0

    init(capacity: Int) {
      self.capacity = capacity
      pages = .allocate(capacity: capacity)
    }

    func appendPage() {
      // From a cache line's start, as entries are made to fill whole ones.
      let memory = UnsafeMutableRawPointer.allocate(
        byteCount: MemoryLayout<Element>.stride << pageBits, alignment: 64)
      (pages + used).initialize(to: memory.assumingMemoryBound(to: Element.self))
      used += 1
    }

    deinit {
      for number in 0..<used { UnsafeMutableRawPointer(pages[number]).deallocate() }
      pages.deallocate()
    }
  }

  init() {
    precondition(_isPOD(Element.self), "the elements of a slab are plain data")
  }

  /// The element at a place below `count`, where it is.
  ///
  /// By its address, as a coroutine accessor would allocate its frame wherever the compiler does
  /// not inline it.
  subscript(place: Int) -> Element {
    @inline(__always) unsafeAddress { pointer(to: place) }
    @inline(__always) unsafeMutableAddress { mutablePointer(to: place) }
  }

  @inline(__always)
  func pointer(to place: Int) -> UnsafePointer<Element> {
    assert(place >= 0 && place < count, "no such place")
    let page = pages.unsafelyUnwrapped[place &>> Self.pageBits]
    return UnsafePointer(page + (place & (Self.pageSize - 1)))
  }

  @inline(__always)
  mutating func mutablePointer(to place: Int) -> UnsafeMutablePointer<Element> {
    assertUnique()
    return UnsafeMutablePointer(mutating: pointer(to: place))
  }

  /// Adds an element at place `count`.
  ///
  /// - Complexity: O(1); once in 512 times a page is allocated, and once in a while the list of
  ///   pages doubles.
  mutating func append(_ element: Element) {
    let page = count >> Self.pageBits
    if page == owner?.used ?? 0 { addPage() }
    assertUnique()
    (pages.unsafelyUnwrapped[page] + (count & (Self.pageSize - 1))).initialize(to: element)
    count += 1
  }

  /// Takes the last element away; its page stays for the next.
  mutating func removeLast() {
    assert(count > 0, "there is no element")
    count -= 1
  }

  private mutating func addPage() {
    if owner.map({ $0.used == $0.capacity }) ?? true {
      let larger = Owner(capacity: max(4, 2 * (owner?.capacity ?? 0)))
      if let owner {
        larger.pages.update(from: owner.pages, count: owner.used)
        larger.used = owner.used
        // The pages have moved to the larger owner.
        owner.used = 0
      }
      owner = larger
      pages = larger.pages
    }
    owner?.appendPage()
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
    self = Slab()
    guard old.count > 0 else { return }
    let needed = ((old.count - 1) >> Self.pageBits) + 1
    let owner = Owner(capacity: max(4, needed))
    for page in 0..<needed {
      owner.appendPage()
      let used = min(Self.pageSize, old.count - (page << Self.pageBits))
      owner.pages[page].update(from: old.pages.unsafelyUnwrapped[page], count: used)
    }
    self.owner = owner
    pages = owner.pages
    count = old.count
  }

  @inline(__always)
  private mutating func assertUnique() {
    assert(isUnique, "a copy is changed that shares its memory")
  }
}
