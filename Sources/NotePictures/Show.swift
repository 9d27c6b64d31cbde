public import Media
public import Simulator

/// Shows a network: all packets so far as a ladder, or before there are any, who is where.
///
/// The text is printed, 74 columns wide at most. Where the example runs in the workbook, the same
/// picture goes beside the output in its other forms: narrower, in words, and as SVG.
public func show(_ network: Network) { show(network.trace) }

/// Shows a trace: all its packets as a ladder, or if there are none, who is where.
public func show(_ trace: Trace) {
  let hasBegun = trace.events.contains { event in
    if case .table = event.kind { false } else { true }
  }
  present(hasBegun ? .ladder(Ladder(trace)) : .map(Topology(trace)))
}

/// Shows who is where in a network, without how NATs behave.
public func show(_ topology: Topology) { present(.map(topology)) }

/// Shows the tables of all NATs at the end of a trace.
public func show(_ tables: TablePage) { present(.tables(tables)) }

/// Shows the delay of each packet of a call.
public func show(_ plot: DelayPlot) { present(.plot(plot)) }

private func present(_ drawing: Drawing) {
  guard !ShownTraces.take(drawing.trace) else { return }
  PictureStream.write(drawing)
  print(drawing.text)
}
