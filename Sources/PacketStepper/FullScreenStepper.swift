import CLinux
import Glibc
public import Simulator
public import Terminal

/// Steps through what happened in a network: on the full screen, or as text where there is none.
public enum PacketStepping {
  /// Steps through a network's trace, which is whole in itself: the network is not changed.
  public static func run(_ network: Network, output: Writer) {
    run(network.trace, output: output)
  }

  /// Steps through a trace until the user quits; where input or output is no terminal that can be
  /// drawn on, prints all steps.
  public static func run(_ trace: Trace, output: Writer) {
    let presentation = output.presentation
    guard !presentation.plain, isatty(STDIN_FILENO) == 1,
      CursesScreen.isAvailable(on: STDOUT_FILENO)
    else {
      output.lines(StepText.lines(of: trace, presentation))
      return output.flush()
    }
    output.flush()
    runOnScreen(trace, presentation)
  }

  private static func runOnScreen(_ trace: Trace, _ presentation: Presentation) {
    // Ctrl-C is noted and ends the loop, so that the terminal is always restored.
    linux_remember_interrupts()
    let screen = CursesScreen(presentation)
    defer { screen.end() }
    var stepper = PacketStepper(
      trace, presentation: presentation.width(screen.columns), rows: screen.rows)
    screen.draw(stepper.frame)
    while true {
      // It wakes up now and then: a Ctrl-C just before the wait would go unheard until the next key.
      let key = screen.nextKey(milliseconds: 200, unlessReadable: -1)
      if linux_take_interrupt() != 0 { return }
      guard let key else { continue }
      if key == .resized { stepper.resized(rows: screen.rows, columns: screen.columns) }
      if stepper.pressed(key) == .quit { return }
      screen.draw(stepper.frame)
    }
  }
}
