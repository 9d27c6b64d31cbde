import Capture
import Testing

@Suite struct PcapNGTests {
  @Test("Sections and interfaces each have their link type, and frames are counted through")
  func sections() {
    let file =
      Order.little.section() + Order.little.interface(1) + Order.little.interface(101)
      + Order.little.enhanced(1, 5, [1]) + Order.little.enhanced(0, 6, [2, 2])
      // A second section, in the other byte order, begins its interfaces anew.
      + Order.big.section() + Order.big.interface(113) + Order.big.enhanced(0, 7, [3, 3, 3])
    #expect(CaptureFile.isCapture(file))
    let (frames, error) = read(file)
    #expect(error == nil)
    #expect(frames.map(\.number) == [1, 2, 3])
    #expect(frames.map(\.interface) == [1, 0, 2])
    #expect(frames.map(\.linkType) == [.raw, .ethernet, .linuxCooked])
    #expect(frames.map(\.bytes) == [[1], [2, 2], [3, 3, 3]])
    #expect(frames.map(\.time) == [5000, 6000, 7000])
  }

  @Test(
    "An interface says how it counts time",
    arguments: [
      ([], 1_500_000, 1_500_000_000),
      ([(9, [0])], 3, 3_000_000_000), ([(9, [3])], 1_500, 1_500_000_000),
      ([(9, [6])], 1_500_000, 1_500_000_000), ([(9, [9])], 1_500_000_000, 1_500_000_000),
      // Picoseconds, and 2^-10, 2^-1 and 2^-32 seconds
      ([(9, [12])], 1_500_000_000_999, 1_500_000_000), ([(9, [0x8A])], 1536, 1_500_000_000),
      ([(9, [0x81])], 3, 1_500_000_000), ([(9, [0xA0])], 0x1_8000_0000, 1_500_000_000),
      // An offset in seconds, before and after a comment
      ([(14, [0, 0, 0, 0, 0, 0, 0, 10])], 500_000, 10_500_000_000),
      ([(1, [65]), (14, [UInt8](repeating: 0xFF, count: 8)), (9, [9])], 1_000_000_007, 7),
      ([(9, [28])], .max, 1), ([(9, [127])], .max, 0), ([(9, [255])], .max, 0),
      // What stands after the end of the options, or is too short, says nothing.
      ([(0, []), (9, [9])], 5, 5000), ([(9, []), (1, [65])], 5, 5000),
      ([(14, [0, 0, 0, 1]), (1, [65])], 5, 5000),
    ] as [([(Int, [UInt8])], UInt64, Int64)])
  func clock(options: [(Int, [UInt8])], ticks: UInt64, time: Int64) {
    for order in Order.all {
      // The offset is a number, so it is written in the file's order.
      let ordered = options.map { ($0.0, $0.0 == 14 && order == .little ? $0.1.reversed() : $0.1) }
      let file =
        order.section() + order.interface(1, options: ordered) + order.enhanced(0, ticks, [1])
      #expect(read(file).frames.map(\.time) == [time])
    }
  }

  @Test("A frame cut by the snapshot length keeps its original length", arguments: Order.all)
  func snapLength(order: Order) {
    let file =
      order.section() + order.interface(1, snapLength: 2) + order.interface(1, snapLength: 1)
      + order.enhanced(0, 0, [1, 2], originalByteCount: 90)
      // A simple packet block does not say how much was kept; it belongs to the first interface.
      + order.block(3, order.words(90) + [3, 4, 0, 0])
    let (frames, error) = read(file)
    #expect(error == nil)
    #expect(frames.map(\.bytes) == [[1, 2], [3, 4]])
    #expect(frames.map(\.originalByteCount) == [90, 90])
  }

  @Test("A simple packet block's frame ends with its block, and may be empty", arguments: Order.all)
  func simplePacketLength(order: Order) {
    let file =
      order.section() + order.interface(1) + order.block(3, order.words(90) + [1, 2, 3, 4])
      + order.block(3, order.words(0))
    let (frames, error) = read(file)
    #expect(error == nil)
    #expect(frames.map(\.bytes) == [[1, 2, 3, 4], []])
    #expect(frames.map(\.originalByteCount) == [90, 0])
  }

  @Test("A block whose length leaves out its padding is read all the same", arguments: Order.all)
  func unpaddedLength(order: Order) {
    let padded = order.enhanced(0, 0, [1])
    let file =
      order.section() + order.interface(1) + order.words(6, 33) + padded[8..<32] + order.words(33)
      + order.enhanced(0, 0, [2])
    let (frames, error) = read(file)
    #expect(error == nil)
    #expect(frames.map(\.bytes) == [[1], [2]])
  }

  @Test("An interface more than 65 536 is damage, so that no capture fills the memory with them")
  func interfaces() {
    let interface = Order.little.interface(1)
    var file = Order.little.section()
    for _ in 0..<65_536 { file += interface }
    let (frames, error) = read(file + Order.little.enhanced(65_535, 0, [1]) + interface)
    #expect(frames.count == 1)
    #expect(error?.description.contains("one interface too many") == true)
  }

  @Test("A gzip file torn between two blocks is torn too")
  func tornBetweenBlocks() {
    let file =
      Order.little.section() + Order.little.interface(1) + Order.little.enhanced(0, 0, [1])
    // A member that stores its data has 15 bytes before them.
    let torn = gzip(file + Order.little.enhanced(0, 0, [2])).prefix(15 + file.count)
    let (frames, error) = read(Array(torn))
    #expect(frames.map(\.bytes) == [[1]])
    #expect(error?.description == "the gzip data ends in the middle")
  }

  @Test("Simple and obsolete packet blocks are frames too", arguments: Order.all)
  func otherPackets(order: Order) {
    let file =
      order.section() + order.interface(1) + order.interface(101)
      + order.block(2, order.half(1) + order.half(0xFFFF) + order.words(0, 9, 3, 3) + [1, 2, 3])
      + order.block(3, order.words(5) + [1, 2, 3, 4, 5])
    let (frames, error) = read(file)
    #expect(error == nil)
    #expect(frames.map(\.bytes) == [[1, 2, 3], [1, 2, 3, 4, 5]])
    #expect(frames.map(\.interface) == [1, 0])
    // A simple packet block has no time.
    #expect(frames.map(\.time) == [9000, 9000])
  }

  @Test("Blocks of other kinds are passed over, however long", arguments: Order.all)
  func otherBlocks(order: Order) {
    let other = [4, 5, 10, 0xBAD, 0x4000_0BAD].map {
      order.block($0, [UInt8](repeating: 6, count: 20_000_000 / 4))
    }
    let file =
      order.section() + other[0] + order.interface(1) + other[1...].flatMap(\.self)
      + order.enhanced(0, 0, [1])
    let (frames, error) = read(file)
    #expect(error == nil)
    #expect(frames.map(\.bytes) == [[1]])
  }

  @Test("Damage is told with its place, and what came before it stays")
  func damage() {
    let good = Order.little.section() + Order.little.interface(1) + Order.little.enhanced(0, 0, [1])
    let words = Order.little.words
    let kinds: [(block: [UInt8], what: String)] = [
      (words(6, 4, 4), "says that it has 4 bytes"),
      (words(6, 0x7FFF_FFFC, 4), "says that it has 2147483644 bytes"),
      (
        Array(Order.little.enhanced(0, 0, [1]).dropLast(4)) + words(40),
        "at its beginning that it has 36 bytes, at its end 40"
      ),
      (Order.little.enhanced(3, 0, [1]), "names interface 3"),
      (Order.little.block(6, words(0, 0, 0, 90, 90)), "too short for the frame"),
      (Order.little.block(6, words(0, 0)), "too short for the frame"),
      (Order.little.block(6, words(0, 0, 0, 4, 4)), "too short for the frame"),
      (Order.little.block(3, []), "too short for the frame"),
      (Order.little.block(1, [0, 0]), "too short to describe an interface"),
      (Order.little.block(0x0A0D_0D0A, words(5, 5, 5, 5)), "no known byte order"),
    ]
    for (block, what) in kinds {
      let (frames, error) = read(good + block + Order.little.enhanced(0, 0, [2]))
      #expect(frames.map(\.bytes) == [[1]])
      #expect(error?.description.contains(what) == true, "\(error.debugDescription)")
      #expect(error?.description.contains("byte \(good.count)") == true)
    }
  }

  @Test("The reader names the interfaces that the capture describes")
  func names() throws {
    var reader = CaptureReader(
      CaptureInput(
        bytes: Order.little.section()
          + Order.little.interface(1, options: [(2, Array("eth0".utf8))])
          + Order.little.enhanced(0, 0, [1])))
    #expect(reader.interfaces.isEmpty)
    _ = try reader.nextFrame()
    #expect(reader.interfaces == [CapturedInterface(name: "eth0", linkType: .ethernet)])
    #expect(try reader.nextFrame() == nil)
    #expect(try reader.nextFrame() == nil)
  }

  @Test("Of an interface's name, which a stranger wrote, 256 bytes are kept")
  func longName() throws {
    let name = [UInt8](repeating: 0x61, count: 300)
    var reader = CaptureReader(
      CaptureInput(
        bytes: Order.little.section() + Order.little.interface(1, options: [(2, name)])))
    #expect(try reader.nextFrame() == nil)
    #expect(reader.interfaces.first?.name == String(repeating: "a", count: 256))
  }
}
