#define _GNU_SOURCE
#include "CLinux.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

enum { mostFrames = 64, handlerStack = 1 << 18, nearStack = 1 << 16, belowStack = 1 << 20 };

static int reportDescriptor = -1;
static char reportLibrary[256];
static void (*reportDescription)(int);
static volatile sig_atomic_t hasWatchedThread;
static pthread_t watchedThread;
static __thread char *lowestOfStack;
static __thread int hasHandlerStack;

static void *interrupted_at(void *context) {
  mcontext_t *machine = &((ucontext_t *)context)->uc_mcontext;
#if defined(__x86_64__)
  return (void *)machine->gregs[REG_RIP];
#elif defined(__aarch64__)
  return (void *)machine->pc;
#else
  (void)machine;
  return NULL;
#endif
}

static void report(int signal, siginfo_t *information, void *context) {
  // A loop runs in the watched thread, and the alarm comes to any.
  if (signal == SIGALRM && hasWatchedThread && !pthread_equal(pthread_self(), watchedThread)) {
    pthread_kill(watchedThread, SIGALRM);
    return;
  }
  // Describing the call needs memory, even where that has run out.
  struct rlimit limit;
  getrlimit(RLIMIT_DATA, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_DATA, &limit);
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(signal, &standard, NULL);

  dprintf(reportDescriptor, "signal %d\n", signal);
  char *address = information->si_addr;
  if (signal == SIGSEGV && lowestOfStack != NULL && address < lowestOfStack + nearStack &&
      address > lowestOfStack - belowStack)
    dprintf(reportDescriptor, "stack\n");
  void *frames[mostFrames];
  int count = backtrace(frames, mostFrames);
  void *exact = interrupted_at(context);
  for (int index = 0; index < count; index++) {
    Dl_info found;
    if (dladdr(frames[index], &found) == 0 || strcmp(found.dli_fname, reportLibrary) != 0) continue;
    // A return address stands behind its call.
    unsigned long offset = (char *)frames[index] - (char *)found.dli_fbase;
    dprintf(reportDescriptor, "frame %lx\n", frames[index] == exact ? offset : offset - 1);
  }
  if (reportDescription != NULL) reportDescription(reportDescriptor);

  sigset_t unblocked;
  sigemptyset(&unblocked);
  sigaddset(&unblocked, signal);
  pthread_sigmask(SIG_UNBLOCK, &unblocked, NULL);
  raise(signal);
  _exit(128 + signal);
}

void linux_report_crashes(int descriptor, const char *library, void (*describe)(int),
                          unsigned seconds, unsigned long bytes) {
  reportDescriptor = descriptor;
  strncpy(reportLibrary, library, sizeof reportLibrary - 1);
  reportDescription = describe;
  // The first call loads a library, which a handler should not do.
  void *frame[1];
  backtrace(frame, 1);
  struct sigaction action = {.sa_sigaction = report, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  const int signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM};
  for (unsigned index = 0; index < sizeof signals / sizeof *signals; index++)
    sigaction(signals[index], &action, NULL);
  struct rlimit limit;
  getrlimit(RLIMIT_DATA, &limit);
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > bytes) limit.rlim_cur = bytes;
  setrlimit(RLIMIT_DATA, &limit);
  alarm(seconds);
}

void linux_report_crashes_of_thread(void) {
  if (!hasHandlerStack) {
    hasHandlerStack = 1;
    // A thread of Dispatch's pool blocks signals.
    sigset_t alarms;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
    void *memory =
        mmap(NULL, handlerStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t stack = {.ss_sp = memory, .ss_size = handlerStack};
    sigaltstack(&stack, NULL);
    pthread_attr_t attributes;
    void *lowest;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
    if (pthread_attr_getstack(&attributes, &lowest, &size) == 0) lowestOfStack = lowest;
    pthread_attr_destroy(&attributes);
  }
  watchedThread = pthread_self();
  hasWatchedThread = 1;
}
