#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int linux_start_in_network(int network, char *const arguments[]) {
  // The child writes the errno of a failed exec here; a successful exec closes the pipe.
  int failure[2];
  if (pipe2(failure, O_CLOEXEC) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    sigset_t none;
    sigemptyset(&none);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (setns(network, CLONE_NEWNET) == 0 && pthread_sigmask(SIG_SETMASK, &none, NULL) == 0)
      execvp(arguments[0], arguments);
    int error = errno;
    ssize_t ignored = write(failure[1], &error, sizeof error);
    (void)ignored;
    _exit(127);
  }
  int error = child < 0 ? errno : 0;
  close(failure[1]);
  if (child > 0 && read(failure[0], &error, sizeof error) > 0) waitpid(child, NULL, 0);
  close(failure[0]);
  errno = error;
  return error == 0 ? child : -1;
}

int linux_hold_signals(const int *signals, int count) {
  sigset_t held;
  sigemptyset(&held);
  for (int index = 0; index < count; index++) sigaddset(&held, signals[index]);
  pthread_sigmask(SIG_BLOCK, &held, NULL);
  return signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
}

int linux_take_signal(int descriptor, int *fromTerminal) {
  struct signalfd_siginfo information;
  if (read(descriptor, &information, sizeof information) != sizeof information) return 0;
  *fromTerminal = information.ssi_code == SI_KERNEL;
  return (int)information.ssi_signo;
}
