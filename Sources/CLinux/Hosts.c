#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// Has a file of /etc say something in this mount namespace alone.
static void place_file(const char *scratch, const char *path, const char *text) {
  int file = open(scratch, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return;
  ssize_t ignored = write(file, text, strlen(text));
  (void)ignored;
  fchmod(file, 0644);
  close(file);
  (void)!mount(scratch, path, NULL, MS_BIND, NULL);
}

/// Gives names to a host. The files are in memory, so that nothing is left on the disk, however this
/// ends.
static void place_names(const char *names) {
  if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64k") != 0) return;
  place_file("/tmp/hosts", "/etc/hosts", names);
  // Without a server, which refuses at once, each name that is not there would cost seconds.
  place_file("/tmp/resolv.conf", "/etc/resolv.conf", "nameserver 127.0.0.1\n");
  // The bound files keep their file system.
  umount2("/tmp", MNT_DETACH);
}

/// The first process of a host: it passes signals on to all others, and ends with the program. The
/// kernel then ends whatever is left in the process namespace.
static void keep(pid_t program, const sigset_t *held) {
  while (1) {
    siginfo_t information;
    int number = sigwaitinfo(held, &information);
    if (number < 0) continue;
    if (number != SIGCHLD) {
      // A key at the terminal has told the programs already.
      if (information.si_code != SI_KERNEL) kill(-1, number);
      continue;
    }
    int status;
    pid_t ended;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
      if (ended == program)
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  }
}

static void replace_stream(int descriptor, int stream) {
  if (descriptor >= 0 && descriptor != stream) dup2(descriptor, stream);
}

int linux_start_on_host(const struct linux_host *host, char *const arguments[]) {
  // The child writes the errno of what failed here; a successful exec closes the pipe.
  int failure[2];
  if (pipe2(failure, O_CLOEXEC) != 0) return -1;
  // As fork, but into namespaces of its own: the child is process 1 there.
  pid_t keeper = (pid_t)syscall(
      SYS_clone, CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | SIGCHLD, 0, 0, 0, 0);
  if (keeper == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Held back, they wait for `keep`; process 1 would ignore them otherwise.
    sigset_t held, none;
    sigemptyset(&none);
    sigemptyset(&held);
    const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD};
    for (unsigned index = 0; index < sizeof signals / sizeof *signals; index++)
      sigaddset(&held, signals[index]);
    pthread_sigmask(SIG_SETMASK, &held, NULL);
    int error = 0;
    if (setns(host->network, CLONE_NEWNET) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
      error = errno;
    if (error == 0) {
      // What is missing of these a program can do without.
      (void)!sethostname(host->name, strlen(host->name));
      (void)!mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
      place_names(host->names);
    }
    pid_t program = error == 0 ? fork() : -1;
    if (program == 0) {
      pthread_sigmask(SIG_SETMASK, &none, NULL);
      replace_stream(host->input, STDIN_FILENO);
      replace_stream(host->output, STDOUT_FILENO);
      replace_stream(host->errors, STDERR_FILENO);
      execvp(arguments[0], arguments);
    }
    if (program <= 0) {
      if (error == 0) error = errno;
      ssize_t ignored = write(failure[1], &error, sizeof error);
      (void)ignored;
      _exit(127);
    }
    close_range(3, ~0U, 0);
    keep(program, &held);
  }
  int error = keeper < 0 ? errno : 0;
  close(failure[1]);
  if (keeper > 0 && read(failure[0], &error, sizeof error) > 0) waitpid(keeper, NULL, 0);
  close(failure[0]);
  errno = error;
  return error == 0 ? keeper : -1;
}
