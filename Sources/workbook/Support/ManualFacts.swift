/// What the manual says that does not follow from the commands.
extension ManualPage {
  /// The environment variables; names that are chosen from stand together.
  static let environment = [
    ("WORKBOOK_ANSWERS", "The folder for your answers, in place of answers."),
    ("WORKBOOK_STATE", "The folder for your progress, in place of .workbook."),
    (
      "WORKBOOK_LAB",
      "The program with the notes' examples and the tools on protocols, in place of the one that is "
        + "built beside this one. Empty: build it when it is needed."
    ),
    (
      "WORKBOOK_LIVE",
      "The program that moves packets, in place of the one that is built when first used."
    ),
    ("WORKBOOK_NOW", "The time to record and review at, in seconds since 1970; else the clock's."),
    (
      "VISUAL, EDITOR",
      "The editor that opens your answers; else nano, vi or what select-editor chose."
    ),
    ("HOME", "Where the choice that select-editor has made is looked for."),
    ("NO_COLOR", "Not empty: no colours."),
    ("ACCESSIBLE", "Not empty: plain output, as with --plain."),
    ("COLUMNS", "How wide the output may be."),
    (
      "TERM",
      "The terminal. Empty or 'dumb': plain output. One that this machine does not know: the reader "
        + "goes line by line."
    ),
    (
      "ESCDELAY", "How many milliseconds the reader waits after Esc for the rest of a key; else 25."
    ),
    (
      "LC_ALL, LC_CTYPE, LANG",
      "The first that is not empty names the character set; outside UTF-8 drawings are made of ASCII."
    ),
    ("PATH", "Where the Swift compiler and the editors are looked for."),
    ("TMPDIR", "Where the compiler puts what it needs for a moment, in place of /tmp."),
    ("PATHFINDER_STRICT", "For authors. 1: the compiler's warnings are errors."),
  ]

  /// The exit codes of all commands.
  static let exitCodes = [
    ("0", "Done."), ("1", "The answer, the output or the check is wrong, or nothing is found."),
    ("2", "'decode': a transaction of the capture failed, though every message is sound."),
    ("64", "The command line names something that does not exist."),
    ("65", "A file breaks its format."), ("69", "Something that is needed is missing."),
    ("74", "Output or a file could not be written: the disk is full, or may not be written."),
    ("75", "Timed out."), ("126", "'nat --tun': the program may not be run."),
    ("127", "'nat --tun': there is no such program."),
    ("130", "Interrupted."),
  ]

  /// The files that belong to the learner, and those that may be deleted.
  static let files = [
    ("answers/ID.swift", "Your answer to an exercise."),
    ("answers/ID.swift.N~", "A backup that 'reset' kept."),
    ("answers/play/ID.swift", "Your copy of an example, to play with."),
    ("answers/play/ID.swift.N~", "A backup that 'play --reset' kept."),
    (".workbook/progress.jsonl", "Your progress, a line for each thing you did."),
    (
      ".workbook/notes-ID.jsonl", "Your progress in notes of your own, which 'open' reads."
    ),
    ("notes/NN-NAME.md", "The notes: the text that you read and the program that runs."),
    ("Exercises/ID", "An exercise: its skeleton, checks, solution and known mistakes."),
    (
      ".build",
      "What was compiled, also for checks. It may be deleted, and is made again when needed."
    ),
  ]

  /// Lines to type.
  static let examples = [
    ("./workbook", "Opens the reader where you left off."),
    ("./workbook read nat-table#3", "Prints the third step of a note."),
    ("./workbook run nat-first-packet", "Runs an example of a note."),
    ("./workbook glossary mapping", "Says what a word means, and which step teaches it."),
    ("./workbook cheatsheet nat-table", "Prints the page to keep of a note."),
    (
      "./workbook start pair-priority",
      "Begins an exercise; then './workbook watch' checks each save."
    ),
    ("./workbook progress export mine.jsonl", "Takes your progress to another machine."),
    ("./workbook nat --preset symmetric", "Opens a NAT to send packets through."),
    ("./workbook decode --summary call.pcap", "Says what the STUN messages of a capture mean."),
    ("./workbook pairs offer.sdp answer.sdp", "Says which pairs two ICE agents check, and why."),
    ("./workbook serve", "Starts a STUN and TURN server for this machine."),
    (
      "./workbook gather turn:turn.example.org --user alice:secret",
      "Says why a TURN server does not work."
    ),
    (
      "./workbook connect offer --stun stun:stun.example.org",
      "Connects this terminal to another one, which runs 'connect answer'."
    ),
    (
      "./workbook call offer --folder /mnt/shared",
      "Sends a tone to another one, which runs 'call answer', and says how it got through."
    ),
    ("./workbook check --all --json", "Checks every answer, for a program."),
  ]
}
