#pragma once
// What Linux and the C library offer but Swift's Glibc module does not show.

/// Adds a change of folder to what a spawned child does first; `actions` is a
/// `posix_spawn_file_actions_t`, unnamed here so that its header stays the Glibc module's.
int linux_spawn_add_chdir(void *actions, const char *folder);

/// Makes a pipe whose ends a spawned child does not inherit.
int linux_pipe_close_on_exec(int ends[2]);

/// Has the kernel end this process when its parent ends, however that happens.
int linux_die_with_parent(void);

/// Starts a program that nobody waits for, in a session of its own, with nothing to read and nowhere
/// to print, and so that it yields to everybody else. `arguments` end with NULL.
void linux_start_in_background(const char *path, const char *const arguments[]);

/// Makes standard output write each line when it is complete, to whatever it leads.
int linux_buffer_standard_output_by_line(void);

/// From now on, when a signal ends this process, the terminal on standard input gets the settings
/// back that it has now and the ordinary screen, before the signal does what it would have done.
void linux_restore_terminal_on_death(void);

/// Undoes `linux_restore_terminal_on_death`.
void linux_forget_terminal(void);

/// From now on Ctrl-C ends nothing here; it is only remembered.
void linux_remember_interrupts(void);

/// Whether Ctrl-C has come since this was last asked.
int linux_take_interrupt(void);

/// Runs a shell command with this process's own terminal and waits for it; Ctrl-C meanwhile is the
/// command's alone. Gives its exit code, or -1 where it did not start or a signal ended it.
int linux_run_in_foreground(const char *command);

/// Watches a folder for files that are written or moved into it; the descriptor to read, or -1.
int linux_watch_folder(const char *folder);

/// Takes in what a watched folder has reported so far; whether there was anything.
int linux_take_changes(int descriptor);

/// Keeps SIGINT, SIGTERM and SIGHUP from this thread; gives a descriptor that is readable once one
/// of them has come, or -1.
int linux_hold_stop_signals(void);
