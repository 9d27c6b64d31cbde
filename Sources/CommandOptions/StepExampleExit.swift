/// How `workbook` asks `workbook-lab` to step through an example, and how that ends.
public enum StepExampleExit {
  /// The hidden command.
  public static let command = "step-example"
  /// The exit code where the example has shown no network.
  public static let nothingShown: Int32 = 69
  /// The exit code where the example did not end in its time.
  public static let timedOut: Int32 = 75
}
