#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;

// The signals that end a process: termination requests and crashes.
static const int deaths[] = {SIGTERM, SIGHUP, SIGQUIT, SIGSEGV, SIGBUS, SIGILL,
                             SIGTRAP, SIGABRT, SIGFPE};
enum { death_count = sizeof deaths / sizeof deaths[0] };

static struct termios saved_settings;
static volatile sig_atomic_t has_settings;
static struct sigaction previous[death_count];

// Leaves the alternate screen, shows the cursor, resets styles and keypad mode; practically every
// terminal supports these sequences, and others ignore them.
static const char ordinary_screen[] = "\033[?1049l\033[?25h\033[0m\033[?1l\033>\r\n";

// Calls only functions that are async-signal-safe.
static void restore_and_die(int signal_number) {
  if (has_settings) {
    has_settings = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &saved_settings);
    ssize_t ignored = write(STDOUT_FILENO, ordinary_screen, sizeof ordinary_screen - 1);
    (void)ignored;
  }
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

void linux_restore_terminal_on_death(void) {
  if (tcgetattr(STDIN_FILENO, &saved_settings) == 0) has_settings = 1;
  struct sigaction action = {.sa_handler = restore_and_die, .sa_flags = SA_RESETHAND | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < death_count; i++) sigaction(deaths[i], &action, &previous[i]);
}

void linux_forget_terminal(void) {
  if (!has_settings) return;
  has_settings = 0;
  for (size_t i = 0; i < death_count; i++) sigaction(deaths[i], &previous[i], NULL);
}

static volatile sig_atomic_t interrupted;

static void remember_interrupt(int signal_number) {
  (void)signal_number;
  interrupted = 1;
}

void linux_remember_interrupts(void) {
  struct sigaction action = {.sa_handler = remember_interrupt};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
}

int linux_take_interrupt(void) {
  int was_interrupted = interrupted;
  interrupted = 0;
  return was_interrupted;
}

int linux_run_in_foreground(const char *command) {
  char *arguments[] = {"sh", "-c", (char *)command, NULL};
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigdefault(&attributes, &all);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
  sigaction(SIGINT, &ignore, &interrupt);
  sigaction(SIGQUIT, &ignore, &quit);
  pid_t child;
  int status = -1;
  if (posix_spawn(&child, "/bin/sh", NULL, &attributes, arguments, environ) == 0) {
    while (waitpid(child, &status, 0) == -1 && errno == EINTR) {
    }
  }
  sigaction(SIGINT, &interrupt, NULL);
  sigaction(SIGQUIT, &quit, NULL);
  posix_spawnattr_destroy(&attributes);
  return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
