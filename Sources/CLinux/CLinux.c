#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int linux_spawn_add_chdir(void *actions, const char *folder) {
  return posix_spawn_file_actions_addchdir_np(actions, folder);
}

int linux_pipe_close_on_exec(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int linux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

int linux_buffer_standard_output_by_line(void) { return setvbuf(stdout, NULL, _IOLBF, 0); }
