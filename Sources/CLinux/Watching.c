#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

int linux_watch_folder(const char *folder) {
  int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return -1;
  // Editors either write the file in place or write another and rename it.
  if (inotify_add_watch(descriptor, folder, IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR) < 0) {
    close(descriptor);
    return -1;
  }
  return descriptor;
}

int linux_take_changes(int descriptor) {
  char events[4096];
  int any = 0;
  while (read(descriptor, events, sizeof events) > 0) any = 1;
  return any;
}

int linux_hold_stop_signals(void) {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  sigaddset(&stops, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &stops, NULL);
  return signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
}
