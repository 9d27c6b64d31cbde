// Data through allocations, by as few system calls as possible.
#define _GNU_SOURCE
#include "Generator.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/// The longest that one receive takes: what the kernel puts together of one flow.
#define CAPACITY 65536

static const uint64_t warm_up = 300000000, measured = 1500000000;

/// The beginning of each datagram's data.
struct stamp {
  uint32_t flow, number;
  uint64_t time;
};

/// Datagrams of one system call.
struct batch {
  struct mmsghdr headers[BATCH];
  struct iovec parts[BATCH];
  struct sockaddr_in addresses[BATCH];
  char controls[BATCH][CONTROL_LENGTH];
  uint8_t *bytes;
};

static struct batch outgoing, incoming, returning;

static void prepare(struct batch *batch) {
  if (!batch->bytes) batch->bytes = aligned_alloc(64, (size_t)BATCH * (CAPACITY + 64));
  for (unsigned index = 0; index < BATCH; index++) {
    batch->parts[index] = (struct iovec){batch->bytes + index * (CAPACITY + 64), CAPACITY};
    batch->headers[index].msg_hdr = (struct msghdr){
        .msg_name = &batch->addresses[index], .msg_namelen = sizeof batch->addresses[index],
        .msg_iov = &batch->parts[index], .msg_iovlen = 1,
        .msg_control = batch->controls[index], .msg_controllen = CONTROL_LENGTH};
  }
}

/// Takes what has come; how many datagrams, counting those that the kernel put together as one.
static int receive(int socket, struct batch *batch) {
  prepare(batch);
  return recvmmsg(socket, batch->headers, BATCH, MSG_DONTWAIT, NULL);
}

/// The size of each of the datagrams that one received consists of.
static unsigned segment_size(struct mmsghdr *header) {
  for (struct cmsghdr *part = CMSG_FIRSTHDR(&header->msg_hdr); part != NULL;
       part = CMSG_NXTHDR(&header->msg_hdr, part))
    if (part->cmsg_level == IPPROTO_UDP && part->cmsg_type == UDP_GRO) {
      int size;
      memcpy(&size, CMSG_DATA(part), sizeof size);
      return (unsigned)size;
    }
  return header->msg_len;
}

static void send_all(int socket, struct batch *batch, unsigned count) {
  unsigned sent = 0;
  while (sent < count) {
    int result = sendmmsg(socket, batch->headers + sent, count - sent, 0);
    if (result < 0 && errno != EAGAIN && errno != EINTR) fail("the generator cannot send");
    if (result > 0) sent += (unsigned)result;
  }
}

struct pump {
  struct generator *generator;
  unsigned size, burst;
  /// Clients whose turn it is to send, first in, first out.
  uint32_t *ring;
  unsigned first, waiting, capacity;
  uint64_t delivered, lost, reordered;
};

static void enqueue(struct pump *pump, uint32_t flow) {
  if (pump->waiting == pump->capacity) return;
  pump->ring[(pump->first + pump->waiting++) % pump->capacity] = flow;
}

/// Lets clients send whose turn it is.
static void send_waiting(struct pump *pump) {
  struct generator *generator = pump->generator;
  const unsigned length = 4 + pump->size;
  prepare(&outgoing);
  unsigned count = 0;
  while (pump->waiting > 0 && count < BATCH) {
    const uint32_t flow = pump->ring[pump->first];
    // A burst leaves as one, if all of it may.
    const unsigned packets = pump->burst && pump->waiting >= pump->burst ? pump->burst : 1;
    uint8_t *bytes = outgoing.parts[count].iov_base;
    for (unsigned index = 0; index < packets; index++) {
      uint8_t *at = bytes + index * length;
      const struct stamp stamp = {flow, generator->flows[flow].next++, now()};
      at[0] = 0x40, at[1] = 0;
      at[2] = (uint8_t)(pump->size >> 8), at[3] = (uint8_t)pump->size;
      memcpy(at + 4, &stamp, sizeof stamp);
    }
    pump->first = (pump->first + packets) % pump->capacity;
    pump->waiting -= packets;
    outgoing.parts[count].iov_len = packets * length;
    outgoing.addresses[count] = generator->server;
    send_from(&outgoing.headers[count].msg_hdr, flow, outgoing.controls[count],
              packets > 1 ? length : 0);
    count++;
  }
  send_all(generator->client_socket, &outgoing, count);
}

/// The peer sends back what has come to it.
static unsigned echo(struct pump *pump) {
  const int count = receive(pump->generator->peer_socket, &returning);
  if (count <= 0) return 0;
  for (int index = 0; index < count; index++) {
    struct mmsghdr *header = &returning.headers[index];
    const unsigned segment = segment_size(header), length = header->msg_len;
    pump->delivered += segment > 0 ? (length + segment - 1) / segment : 1;
    returning.parts[index].iov_len = length;
    header->msg_hdr.msg_controllen = 0;
    if (segment < length) {
      const uint16_t size = (uint16_t)segment;
      header->msg_hdr.msg_controllen = CMSG_SPACE(sizeof size);
      struct cmsghdr *part = CMSG_FIRSTHDR(&header->msg_hdr);
      part->cmsg_level = IPPROTO_UDP;
      part->cmsg_type = UDP_SEGMENT;
      part->cmsg_len = CMSG_LEN(sizeof size);
      memcpy(CMSG_DATA(part), &size, sizeof size);
    }
  }
  send_all(pump->generator->peer_socket, &returning, (unsigned)count);
  return (unsigned)count;
}

static void returned(struct pump *pump, const uint8_t *data) {
  struct stamp stamp;
  memcpy(&stamp, data, sizeof stamp);
  if (stamp.flow >= pump->generator->flow_count) return;
  struct flow *flow = &pump->generator->flows[stamp.flow];
  pump->delivered++;
  if ((int32_t)(stamp.number - flow->expected) < 0) {
    pump->reordered++;
    return;
  }
  // What should have come before it does not come any more: others take its place.
  for (; flow->expected != stamp.number; flow->expected++) {
    pump->lost++;
    enqueue(pump, stamp.flow);
  }
  flow->expected++;
  enqueue(pump, stamp.flow);
}

static unsigned collect(struct pump *pump) {
  const int count = receive(pump->generator->client_socket, &incoming);
  if (count <= 0) return 0;
  for (int index = 0; index < count; index++) {
    const unsigned segment = segment_size(&incoming.headers[index]);
    const unsigned length = incoming.headers[index].msg_len;
    const uint8_t *bytes = incoming.parts[index].iov_base;
    for (unsigned at = 0; at < length; at += segment)
      if (length - at >= 4 + sizeof(struct stamp) && bytes[at] == 0x40)
        returned(pump, bytes + at + 4);
  }
  return (unsigned)count;
}

/// Nothing comes any more: what is on its way is lost.
static void restart(struct pump *pump) {
  for (unsigned index = 0; index < pump->generator->flow_count; index++) {
    struct flow *flow = &pump->generator->flows[index];
    for (; flow->expected != flow->next; flow->expected++) {
      pump->lost++;
      enqueue(pump, index);
    }
  }
}

static uint64_t own_time(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

void load(struct generator *generator, unsigned size, unsigned window, unsigned burst) {
  struct pump pump = {.generator = generator, .size = size, .burst = burst, .capacity = window,
                      .ring = calloc(window, sizeof(uint32_t))};
  for (unsigned index = 0; index < window; index++) enqueue(&pump, index % generator->flow_count);

  const uint64_t start = now();
  uint64_t last = start, begin = 0, processor = 0, own = 0, time;
  while ((time = now()) < start + warm_up + measured) {
    if (begin == 0 && time >= start + warm_up) {
      begin = time;
      processor = processor_time(generator);
      own = own_time();
      pump.delivered = pump.lost = pump.reordered = 0;
    }
    send_waiting(&pump);
    const unsigned count = echo(&pump) + collect(&pump);
    if (count > 0) {
      last = time;
    } else if (time > last + 500000000) {
      restart(&pump);
      last = time;
    } else if (pump.waiting == 0) {
      struct pollfd ready[2] = {{generator->client_socket, POLLIN, 0},
                                {generator->peer_socket, POLLIN, 0}};
      poll(ready, 2, 10);
    }
  }
  processor = processor_time(generator) - processor;
  own = own_time() - own;
  if (pump.delivered == 0) fail("nothing has come back");
  const double passed = (double)(time - begin);
  fprintf(stderr,
          "  %u allocations, %u bytes: %.0f packets a second, server busy %.0f %%, generator %.0f %%,"
          " %llu lost, %llu reordered\n",
          generator->flow_count, size, (double)pump.delivered / passed * 1e9,
          (double)processor / passed * 100, (double)own / passed * 100,
          (unsigned long long)pump.lost, (unsigned long long)pump.reordered);
  printf("%.1f\n", (double)processor / (double)pump.delivered);
}

static int ascending(const void *left, const void *right) {
  const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return a < b ? -1 : a > b;
}

void measure_delay(struct generator *generator, unsigned size, unsigned rate) {
  const unsigned total = rate * 2;
  uint64_t *delays = calloc(total, sizeof *delays);
  struct pump pump = {.generator = generator, .size = size, .capacity = 1,
                      .ring = calloc(1, sizeof(uint32_t))};
  unsigned sent = 0, came = 0;
  const uint64_t start = now(), end = start + 2500000000ull;
  while (came < total && now() < end) {
    if (sent < total && now() >= start + (uint64_t)sent * 1000000000 / rate) {
      enqueue(&pump, sent++ % generator->flow_count);
      send_waiting(&pump);
    }
    const int count = receive(generator->peer_socket, &incoming);
    const uint64_t time = now();
    for (int index = 0; index < count; index++) {
      const unsigned length = incoming.headers[index].msg_len;
      const unsigned segment = segment_size(&incoming.headers[index]);
      for (unsigned at = 0; at < length && came < total; at += segment) {
        struct stamp stamp;
        memcpy(&stamp, (uint8_t *)incoming.parts[index].iov_base + at, sizeof stamp);
        delays[came++] = time - stamp.time;
      }
    }
  }
  fprintf(stderr, "  delay: %u of %u have come\n", came, total);
  if (came < total / 2) fail("too few have come");
  qsort(delays, came, sizeof *delays, ascending);
  printf("%.1f %.1f\n", (double)delays[came / 2] / 1000, (double)delays[came / 100 * 99] / 1000);
}
