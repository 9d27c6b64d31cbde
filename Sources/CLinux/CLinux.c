#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int linux_spawn_add_chdir(void *actions, const char *folder) {
  return posix_spawn_file_actions_addchdir_np(actions, folder);
}

int linux_pipe_close_on_exec(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

void linux_start_in_background(const char *path, const char *const arguments[]) {
  pid_t starter = fork();
  if (starter != 0) {
    if (starter > 0) waitpid(starter, NULL, 0);
    return;
  }
  // Double fork: the grandchild is reparented to init, so this process need not wait for it.
  setsid();
  if (fork() != 0) _exit(0);
  int nothing = open("/dev/null", O_RDWR);
  for (int descriptor = 0; descriptor < 3; descriptor++) dup2(nothing, descriptor);
  // The program does not inherit other open files, such as the terminal.
  close_range(3, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  (void)!nice(10);
  execv(path, (char *const *)arguments);
  _exit(127);
}

int linux_wait(void *entries, unsigned long count, long long nanoseconds) {
  struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  return ppoll(entries, count, nanoseconds < 0 ? NULL : &time, NULL);
}

int linux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

int linux_buffer_standard_output_by_line(void) { return setvbuf(stdout, NULL, _IOLBF, 0); }
