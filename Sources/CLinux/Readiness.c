#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <sys/epoll.h>

int linux_readiness_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

int linux_readiness_watch(int list, int descriptor, short events, unsigned long long name) {
  struct epoll_event event = {.events = (unsigned short)events, .data.u64 = name};
  if (epoll_ctl(list, EPOLL_CTL_ADD, descriptor, &event) == 0) return 0;
  if (errno != EEXIST) return -1;
  return epoll_ctl(list, EPOLL_CTL_MOD, descriptor, &event);
}

void linux_readiness_forget(int list, int descriptor) {
  struct epoll_event event = {0};
  epoll_ctl(list, EPOLL_CTL_DEL, descriptor, &event);
}

int linux_readiness_wait(int list, struct linux_ready *ready, int count, int milliseconds) {
  struct epoll_event events[LINUX_READY];
  if (count > LINUX_READY) count = LINUX_READY;
  int result = epoll_wait(list, events, count, milliseconds);
  for (int index = 0; index < result; index++)
    ready[index] = (struct linux_ready){events[index].data.u64, (short)events[index].events};
  return result;
}
