import Lessons
import NoteFormat
import STUNCodec
import Terminal

/// The HTML of a note without its title.
struct NoteHTML {
  let note: Note
  var links: SiteLinks
  var body = ""
  private var usedIDs: Set<String> = []
  /// The footnotes that something on the page leads to, which a way back leads from.
  var referredFootnotes: Set<Int> = []
  var embeddings: EmbeddingTrail
  /// The pictures that examples have shown, by the examples' ids.
  let pictures: [String: ShownPictures]
  /// The style of the pictures on the page; empty if there are none.
  var pictureStyle = ""
  /// The note whose blocks are being written.
  var source: Note { embeddings.note }

  init(_ note: Note, links: SiteLinks, pictures: [String: ShownPictures] = [:]) {
    self.note = note
    self.pictures = pictures
    self.links = links
    embeddings = EmbeddingTrail(note)
    for index in note.steps.indices { usedIDs.insert(links.identifier(ofStep: index, in: note)) }
    add(note.introduction)
    for index in note.steps.indices {
      let identifier = Markup.escaped(links.identifier(ofStep: index, in: note))
      body += "<section id=\"\(identifier)\">\n<h2><span class=\"number\">\(index + 1)</span> "
      body += html(note.steps[index].title, mayLink: false)
      body += " <a class=\"here\" href=\"\(links.fragment(ofStep: index, in: note))\" "
      body += "aria-label=\"Link to this step\">#</a>"
      body += "</h2>\n"
      addStep(note.steps[index].blocks)
      body += "</section>\n"
    }
    addFootnotes()
  }

  /// An `id` attribute that is unique on the page.
  private mutating func uniqueID(_ name: String) -> String {
    var identifier = name.isEmpty ? "part" : name
    var number = 1
    while !usedIDs.insert(identifier).inserted {
      identifier = "\(name.isEmpty ? "part" : name)-\(number)"
      number += 1
    }
    return Markup.escaped(identifier)
  }

  // MARK: Blocks

  /// Adds the blocks of a step.
  ///
  /// Text behind an output that is to be predicted would tell it. It is in an element of its own, which
  /// the style shows once the output is looked at.
  private mutating func addStep(_ blocks: [Block]) {
    var rest = blocks[...]
    while let block = rest.popFirst() {
      add(block, isTight: false)
      guard case .example(let example) = block.content, example.asksForPrediction else { continue }
      let behind = rest.prefix(while: Self.isText)
      guard example.output != nil, !behind.isEmpty else { continue }
      body += "<div class=\"behind\">\n"
      add(Array(behind))
      body += "</div>\n"
      rest = rest.dropFirst(behind.count)
    }
  }

  /// Whether a block is plain text, which no link leads to.
  private static func isText(_ block: Block) -> Bool {
    switch block.content {
    case .paragraph, .list, .table, .callout, .quote, .code: true
    default: false
    }
  }

  /// Adds blocks.
  ///
  /// - Parameter isTight: whether paragraphs have no element, as in a list without blank lines.
  mutating func add(_ blocks: [Block], isTight: Bool = false) {
    for block in blocks { add(block, isTight: isTight) }
  }

  private mutating func add(_ block: Block, isTight: Bool) {
    switch block.content {
    case .paragraph(let inlines):
      if inlines.count == 1, addAlone(inlines[0]) { return }
      let text = html(inlines)
      // A paragraph of only raw HTML is empty now.
      guard text.contains(where: { !$0.isWhitespace }) else { return }
      body += isTight ? text + "\n" : "<p>\(text)</p>\n"
    case .heading(let level, let inlines):
      addHeading(level: min(6, max(3, level)), html(inlines, mayLink: false), inlines.plainText)
    case .list(let list):
      addList(start: list.start, list.items, boxes: list.boxes, isTight: list.isTight)
    case .table(let table): add(table)
    case .callout(let callout): add(callout)
    case .quote(let blocks):
      body += "<blockquote>\n"
      add(blocks)
      body += "</blockquote>\n"
    case .code(let code): addCode(code)
    case .html(let html): addHTML(html)
    case .thematicBreak: body += "<hr>\n"
    case .details(let details):
      addDetails(Markup.escaped(details.summary)) { $0.add(details.blocks) }
    case .example(let example): add(example)
    case .quotation(let quotation): add(quotation)
    case .stunMessage(let fence): addMessage(fence.bytes)
    case .question(let question): add(question)
    case .exercise(let exercise): add(exercise)
    }
  }

  private mutating func addHeading(level: Int, _ html: String, _ text: String) {
    body += "<h\(level) id=\"\(uniqueID(Slug.anchor(text)))\">\(html)</h\(level)>\n"
  }

  private mutating func addList(
    start: Int?, _ items: [[Block]], boxes: [Int: Bool] = [:], isTight: Bool,
    class name: String = ""
  ) {
    let element = start == nil ? "ul" : "ol"
    body += "<" + element
    if !name.isEmpty { body += " class=\"\(name)\"" }
    if let start, start != 1 { body += " start=\"\(start)\"" }
    body += ">\n"
    for (index, item) in items.enumerated() {
      body += boxes[index].map { "<li class=\"task\">\(Self.box(isTicked: $0)) " } ?? "<li>"
      add(item, isTight: isTight)
      body += "</li>\n"
    }
    body += "</\(element)>\n"
  }

  /// Adds choices or their reasons, which are usually one paragraph each.
  private mutating func addNumbered(_ items: [[Block]], class name: String = "") {
    addList(start: 1, items, isTight: items.allSatisfy { $0.count <= 1 }, class: name)
  }

  private mutating func addCode(_ code: CodeBlock) {
    if code.language == "swift" {
      body +=
        "<pre class=\"swift\"><code>\(Markup.code(Markup.swiftLines(code.text)))</code></pre>\n"
    } else {
      body += "<pre><code>\(Markup.escaped(code.text))</code></pre>\n"
    }
  }

  mutating func addDetails(
    _ summary: String, class name: String = "", _ add: (inout NoteHTML) -> Void
  ) {
    let attribute = name.isEmpty ? "" : " class=\"\(name)\""
    body += "<details\(attribute)><summary>\(summary.isEmpty ? "More" : summary)</summary>\n"
    add(&self)
    body += "</details>\n"
  }

  // MARK: Code

  private mutating func add(_ example: Example) {
    let identifier = uniqueID("example:" + example.id)
    body += "<figure class=\"example\" id=\"\(identifier)\">\n<figcaption>Example "
    body += "<a href=\"#\(identifier)\"><code>\(Markup.escaped(example.id))</code></a>"
    if example.mode == .fails {
      body += ", which does not compile"
    } else if let after = example.after?.name, note.examples.contains(where: { $0.id == after }) {
      let name = Markup.escaped(after)
      body += ", continues <a href=\"#example:\(name)\"><code>\(name)</code></a>"
    }
    body += "</figcaption>\n<pre class=\"swift\"><code>"
    body += Markup.code(Markup.swiftLines(example.code.text))
    body += "</code></pre>\n"
    if let prediction = example.prediction { addQuestion(prediction, of: example) }
    if let output = example.output {
      let text = outputHTML(output.text, of: example)
      if let prediction = example.prediction {
        let summary =
          prediction.isOfWholeOutput
          ? "What does it print? Decide, then look." : "Decide, then look."
        addDetails(summary, class: "output") {
          switch prediction.form {
          case .answer, .choice:
            $0.body += "<p><strong>\(Markup.escaped(prediction.key))</strong></p>\n"
          case .output, .blanks: break
          }
          $0.body += text
        }
      } else {
        let label = example.mode == .fails ? "The compiler says" : "Prints"
        body += "<p class=\"label\">\(label)</p>\n\(text)"
      }
    }
    body += "</figure>\n"
  }

  /// Adds what is asked about an example's output, unless that is the whole output.
  private mutating func addQuestion(_ prediction: Prediction, of example: Example) {
    guard !prediction.isOfWholeOutput else { return }
    body += "<p class=\"label\">\(Markup.escaped(prediction.text))</p>\n"
    switch prediction.form {
    case .choice(let choices, _):
      body += "<ol class=\"choices\">\n"
      for choice in choices { body += "<li>\(Markup.escaped(choice))</li>\n" }
      body += "</ol>\n"
    case .blanks(let texts):
      let blanked = Prediction.blanked(example.output?.text ?? "", hiding: texts)
      body += "<pre class=\"output\"><samp>\(Markup.escaped(blanked))</samp></pre>\n"
    case .answer, .output: break
    }
  }

  private mutating func add(_ quotation: Quotation) {
    let path = Markup.escaped(quotation.path)
    body += "<figure class=\"quotation\">\n<figcaption>From "
    if let href = links.source(quotation.path, region: quotation.region) {
      body += "<a href=\"\(Markup.escaped(href))\"><code>\(path)</code></a>"
    } else {
      body += "<code>\(path)</code>"
    }
    body += "</figcaption>\n<pre class=\"swift\"><code>"
    body += Markup.code(Markup.swiftLines(quotation.code.text))
    body += "</code></pre>\n</figure>\n"
  }

  /// Adds a STUN message as a table: the offset, bytes and meaning of each field.
  private mutating func addMessage(_ bytes: [UInt8]) {
    body +=
      "<div class=\"dump\">\n<table>\n<caption>A STUN message, \(bytes.count) bytes</caption>\n"
    body += "<thead><tr><th scope=\"col\">At</th><th scope=\"col\">Bytes</th>"
    body += "<th scope=\"col\">Field</th></tr></thead>\n<tbody>\n"
    for field in STUNAnnotation.fields(of: bytes) {
      let range = field.byteRange.clamped(to: 0..<bytes.count)
      let kind = field.isProblem ? " class=\"problem\"" : field.bits == nil ? "" : " class=\"bits\""
      body += "<tr\(kind)><td>\(field.bits == nil ? "\(range.lowerBound)" : "")</td><td>"
      if let bits = field.bits {
        body += "<code>\(Markup.escaped(bits))</code>"
      } else if !range.isEmpty {
        body += "<code>\(rows(of: bytes[range]))</code>"
      }
      body += "</td><td><strong>\(Markup.escaped(field.name))</strong>: "
      body += Markup.escaped(field.meaning) + (field.isProblem ? " (!)" : "") + "</td></tr>\n"
    }
    body += "</tbody>\n</table>\n</div>\n"
  }

  /// Four bytes for each row, as in the diagrams (RFC 8489 §5).
  private func rows(of bytes: ArraySlice<UInt8>) -> String {
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return stride(from: 0, to: digits.count, by: 4).map { start in
      digits[start..<min(start + 4, digits.count)].joined(separator: " ")
    }.joined(separator: "<br>")
  }

  // MARK: What the reader does

  private mutating func add(_ question: Question) {
    body += "<section class=\"question\">\n"
    addHeading(
      level: 3, "<span class=\"kind\">Question</span> " + html(question.title, mayLink: false),
      "question " + question.title.plainText)
    add(question.prompt)
    switch question.answer {
    case .choice(let choices, let correct, let reasons):
      addNumbered(choices, class: "choices")
      addDetails("Answer") {
        $0.body += "<p><strong>\(correct)</strong> is right.</p>\n"
        $0.addNumbered(reasons)
      }
    case .typed(let key, let explanation):
      addDetails("Answer") {
        $0.body += "<p><strong><code>\(Markup.escaped(key))</code></strong></p>\n"
        $0.add(explanation)
      }
    case .run(let reference, let explanation):
      let output = note.examples.first { $0.id == reference.name }?.output?.text ?? ""
      addDetails("Answer") {
        $0.body += "<pre class=\"output\"><samp>\(Markup.escaped(output))</samp></pre>\n"
        $0.add(explanation)
      }
    }
    body += "</section>\n"
  }

  private mutating func add(_ exercise: Exercise) {
    body += "<section class=\"exercise\">\n"
    addHeading(
      level: 3, "<span class=\"kind\">Exercise</span> " + html(exercise.title, mayLink: false),
      "exercise " + exercise.title.plainText)
    add(exercise.task)
    for (index, hint) in exercise.hints.enumerated() {
      addDetails("Hint \(index + 1)") { $0.add(hint) }
    }
    let id = Markup.escaped(exercise.id)
    body += "<p class=\"label\">In the workbook</p>\n"
    body += "<pre><code>./workbook start \(id)\n./workbook check \(id)\n</code></pre>\n</section>\n"
  }
}
