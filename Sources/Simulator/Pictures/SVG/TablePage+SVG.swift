import SansIO

extension TablePage {
  /// The tables just after an event as an SVG picture, with the row marked that the event changes.
  ///
  /// - Precondition: the index is that of an event, or −1 for the beginning.
  public func svg(at index: Int) -> String {
    var picture = SVGPicture()
    var y = 16
    for table in trace.tables(at: index) {
      y += SVGPicture.line
      picture.add(trace.nodes[table.node.index].name, at: 16, y, "name")
      y += 8
      for (number, row) in rows(at: index, of: table).enumerated() {
        y += SVGPicture.line
        if row.isChanged {
          picture.isDrawingBehind = true
          picture.addBox(
            x: 12, y: y - 14, width: SVGPicture.width(row.text) + 8, height: SVGPicture.line,
            "changed")
          picture.isDrawingBehind = false
        }
        let style = number == 0 ? "muted" : ""
        picture.add(row.text, at: 16, y, style)
      }
      y += SVGPicture.line
    }
    let time = index < 0 ? "" : " at \(trace.events[index].time.pictured)"
    return picture.document(title: "NAT tables\(time)", description: text(at: index))
  }

  /// The tables at the end as an SVG picture.
  public func svg() -> String { svg(at: trace.events.count - 1) }
}
