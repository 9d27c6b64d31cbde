/// Elements that keep their places, in pages: growing never moves what is there.
///
/// A single array would copy a million elements when it grows, and one packet would wait for that.
/// Copies share the pages that neither has changed since.
struct Slab<Element: Sendable>: Sendable {
  private var pages: [[Element]] = []
  private(set) var count = 0

  // 512 elements a page: some tens of kilobytes to allocate at once, and nine bits to cut off.
  private static var pageBits: Int { 9 }
  private static var pageSize: Int { 1 << pageBits }

  /// The element at a place below `count`.
  ///
  /// Elements are plain data, so that copying one out and in costs no more than looking at it; a
  /// coroutine accessor would allocate its frame wherever the compiler does not inline it.
  subscript(place: Int) -> Element {
    @inline(__always) get {
      // Not by the page's own subscript, whose bounds check reads the page's header: a cache miss
      // for each access. The places below `count` are those of full pages and, in the last page,
      // of elements that were appended; a table uses none but places that it got by appending.
      pages[place >> Self.pageBits].withUnsafeBufferPointer {
        $0.baseAddress.unsafelyUnwrapped[place & (Self.pageSize - 1)]
      }
    }
    @inline(__always) set { pages[place >> Self.pageBits][place & (Self.pageSize - 1)] = newValue }
  }

  /// Adds an element at place `count`.
  ///
  /// - Complexity: O(1), and a page's allocation once in 512 times.
  mutating func append(_ element: Element) {
    if count == pages.count << Self.pageBits {
      pages.append([])
      pages[pages.count - 1].reserveCapacity(Self.pageSize)
    }
    pages[pages.count - 1].append(element)
    count += 1
  }
}
