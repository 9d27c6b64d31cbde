// Measures a TURN server on this host, whose user is alice with the password secret:
//
//   TURNGenerator PORT PID load ALLOCATIONS BYTES WINDOW BURST   ns of processor time a packet
//   TURNGenerator PORT PID delay ALLOCATIONS BYTES RATE          µs: median, 99th percentile
//   TURNGenerator PORT PID grow                                  µs of processor time an allocation,
//                          of 1 000 and from 15 000 to 16 000; bytes an allocation, of 10 000
#include "Generator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// The server's processor time for the allocations of clients first..<end, in microseconds each.
static double cost(struct generator *generator, unsigned first, unsigned end) {
  const uint64_t before = processor_time(generator);
  set_up(generator, first, end);
  return (double)(processor_time(generator) - before) / 1000 / (end - first);
}

static void grow(struct generator *generator) {
  // What the first one brings with it is the server's, not an allocation's.
  set_up(generator, 0, 100);
  const uint64_t before = resident_memory(generator);
  const double first = cost(generator, 100, 1100);
  set_up(generator, 1100, 10100);
  const uint64_t memory = resident_memory(generator) - before;
  set_up(generator, 10100, 15000);
  const double last = cost(generator, 15000, 16000);
  printf("%.1f %.1f %.0f\n", first, last, (double)memory / 10000);
}

int main(int count, char **arguments) {
  struct generator generator;
  if (count < 4) fail("usage: TURNGenerator PORT PID load|delay|grow …");
  const int isGrowing = strcmp(arguments[3], "grow") == 0;
  long numbers[4] = {0};
  for (int index = 4; index < count && index < 8; index++) numbers[index - 4] = atol(arguments[index]);
  open_generator(&generator, (uint16_t)atoi(arguments[1]), (pid_t)atoi(arguments[2]),
                 isGrowing ? 16000 : (unsigned)numbers[0]);
  if (isGrowing) {
    grow(&generator);
    return 0;
  }
  if (numbers[0] < 1 || numbers[1] < 16 || numbers[1] > 1400) fail("sizes are 16 to 1400 bytes");
  set_up(&generator, 0, (unsigned)numbers[0]);
  if (strcmp(arguments[3], "load") == 0)
    load(&generator, (unsigned)numbers[1], (unsigned)numbers[2], (unsigned)numbers[3]);
  else
    measure_delay(&generator, (unsigned)numbers[1], (unsigned)numbers[2]);
  return 0;
}
