// Allocate and ChannelBind with long-term credentials (RFC 8656 §7 and §12, RFC 8489 §9.2).
#define _GNU_SOURCE
#include "Generator.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

static const char user[] = "alice", password[] = "secret";
static const uint32_t cookie = 0x2112A442;

/// How many clients wait for a response at once.
#define AT_ONCE 32

uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

void fail(const char *what) {
  fprintf(stderr, "generator: %s\n", what);
  exit(1);
}

uint64_t processor_time(const struct generator *generator) {
  clockid_t clock;
  struct timespec time;
  if (clock_getcpuclockid(generator->process, &clock) || clock_gettime(clock, &time))
    fail("the server has ended");
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

uint64_t resident_memory(const struct generator *generator) {
  char path[64], line[256];
  unsigned long kilobytes = 0;
  snprintf(path, sizeof path, "/proc/%d/status", (int)generator->process);
  FILE *file = fopen(path, "r");
  if (!file) fail("the server has ended");
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "VmRSS: %lu", &kilobytes) == 1) break;
  fclose(file);
  return kilobytes * 1024;
}

static int open_socket(uint32_t address) {
  int result = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int size = 4 << 20, yes = 1;
  struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
  if (result < 0 || bind(result, (struct sockaddr *)&local, sizeof local)) fail("no socket");
  setsockopt(result, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(result, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  setsockopt(result, IPPROTO_UDP, UDP_GRO, &yes, sizeof yes);
  return result;
}

void open_generator(struct generator *generator, uint16_t port, pid_t process, unsigned count) {
  memset(generator, 0, sizeof *generator);
  generator->server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port),
                                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  generator->process = process;
  generator->client_socket = open_socket(INADDR_ANY);
  generator->peer_socket = open_socket(INADDR_LOOPBACK + 1);
  socklen_t length = sizeof generator->peer;
  getsockname(generator->peer_socket, (struct sockaddr *)&generator->peer, &length);
  generator->flows = calloc(count, sizeof *generator->flows);
  generator->flow_count = count;
}

void send_from(struct msghdr *message, unsigned flow, void *control, unsigned segment) {
  memset(control, 0, CONTROL_LENGTH);
  message->msg_control = control;
  message->msg_controllen = CONTROL_LENGTH;
  struct cmsghdr *header = CMSG_FIRSTHDR(message);
  struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(0x7F100001 + flow)};
  header->cmsg_level = IPPROTO_IP;
  header->cmsg_type = IP_PKTINFO;
  header->cmsg_len = CMSG_LEN(sizeof info);
  memcpy(CMSG_DATA(header), &info, sizeof info);
  message->msg_controllen = CMSG_SPACE(sizeof info);
  if (segment == 0) return;
  const uint16_t size = (uint16_t)segment;
  header = (struct cmsghdr *)((char *)control + CMSG_SPACE(sizeof info));
  header->cmsg_level = IPPROTO_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN(sizeof size);
  memcpy(CMSG_DATA(header), &size, sizeof size);
  message->msg_controllen += CMSG_SPACE(sizeof size);
}

// MARK: - Requests

struct message {
  uint8_t bytes[1024];
  unsigned length;
};

static void put16(uint8_t *at, unsigned value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value & 0xFFFF);
}

static unsigned get16(const uint8_t *at) { return (unsigned)at[0] << 8 | at[1]; }

static uint32_t get32(const uint8_t *at) { return get16(at) << 16 | get16(at + 2); }

static void append(struct message *message, unsigned type, const void *value, unsigned length) {
  uint8_t *at = message->bytes + message->length;
  put16(at, type);
  put16(at + 2, length);
  memcpy(at + 4, value, length);
  const unsigned padded = (length + 3) / 4 * 4;
  memset(at + 4 + length, 0, padded - length);
  message->length += 4 + padded;
  put16(message->bytes + 2, message->length - 20);
}

/// The user, the realm and the nonce, and a MAC of all that comes before it.
static void sign(struct generator *generator, struct flow *flow, struct message *message) {
  append(message, 0x0006, user, sizeof user - 1);
  append(message, 0x0014, generator->realm, generator->realm_length);
  append(message, 0x0015, flow->nonce, flow->nonce_length);
  uint8_t mac[20] = {0};
  const unsigned end = message->length;
  append(message, 0x0008, mac, sizeof mac);
  unsigned length = sizeof mac;
  HMAC(EVP_sha1(), generator->key, sizeof generator->key, message->bytes, end, mac, &length);
  memcpy(message->bytes + end + 4, mac, sizeof mac);
}

/// Sends what the client's state asks for; the transaction ID says whose it is.
static void ask(struct generator *generator, unsigned index) {
  struct flow *flow = &generator->flows[index];
  struct message message = {.length = 20};
  put16(message.bytes, flow->state == ALLOCATED ? 0x0009 : 0x0003);
  put32(message.bytes + 4, cookie);
  put32(message.bytes + 8, index);
  put32(message.bytes + 12, flow->state);
  if (flow->state == ALLOCATED) {
    const uint8_t channel[4] = {0x40, 0x00, 0, 0};
    append(&message, 0x000C, channel, sizeof channel);
    uint8_t address[8] = {0, 1};
    put16(address + 2, ntohs(generator->peer.sin_port) ^ (cookie >> 16));
    put32(address + 4, ntohl(generator->peer.sin_addr.s_addr) ^ cookie);
    append(&message, 0x0012, address, sizeof address);
  } else {
    const uint8_t udp[4] = {17, 0, 0, 0};
    append(&message, 0x0019, udp, sizeof udp);
  }
  if (flow->state != UNKNOWN) sign(generator, flow, &message);

  char control[CONTROL_LENGTH];
  struct iovec part = {message.bytes, message.length};
  struct msghdr header = {.msg_name = &generator->server, .msg_namelen = sizeof generator->server,
                          .msg_iov = &part, .msg_iovlen = 1};
  send_from(&header, index, control, 0);
  sendmsg(generator->client_socket, &header, 0);
  flow->again = now() + 500000000;
}

// MARK: - Responses

static void challenged(struct generator *generator, struct flow *flow, const uint8_t *bytes,
                       unsigned length) {
  unsigned code = 0;
  for (unsigned at = 20; at + 4 <= length;) {
    const unsigned type = get16(bytes + at), size = get16(bytes + at + 2);
    if (at + 4 + size > length) return;
    const uint8_t *value = bytes + at + 4;
    if (type == 0x0009 && size >= 4) code = value[2] * 100u + value[3];
    if (type == 0x0014 && size < sizeof generator->realm && generator->realm_length == 0) {
      memcpy(generator->realm, value, size);
      generator->realm_length = (uint16_t)size;
      char text[256];
      const int count = snprintf(text, sizeof text, "%s:%.*s:%s", user, (int)size,
                                 generator->realm, password);
      unsigned digest = 16;
      EVP_Digest(text, (size_t)count, generator->key, &digest, EVP_md5(), NULL);
    }
    if (type == 0x0015 && size <= sizeof flow->nonce) {
      memcpy(flow->nonce, value, size);
      flow->nonce_length = (uint16_t)size;
    }
    at += 4 + (size + 3) / 4 * 4;
  }
  if (code != 401 && code != 438) {
    fprintf(stderr, "generator: error %u\n", code);
    exit(1);
  }
  if (flow->state == UNKNOWN) flow->state = CHALLENGED;
}

static void allocated(struct flow *flow, const uint8_t *bytes, unsigned length) {
  for (unsigned at = 20; at + 4 <= length;) {
    const unsigned type = get16(bytes + at), size = get16(bytes + at + 2);
    if (type == 0x0016 && size >= 8 && at + 12 <= length) flow->state = ALLOCATED;
    at += 4 + (size + 3) / 4 * 4;
  }
}

/// Takes a response; whether its client is done.
static int received(struct generator *generator, const uint8_t *bytes, unsigned length) {
  if (length < 20 || get32(bytes + 4) != cookie) return 0;
  const unsigned index = get32(bytes + 8);
  if (index >= generator->flow_count) return 0;
  struct flow *flow = &generator->flows[index];
  // One that comes late, after its request was sent again.
  if (get32(bytes + 12) != flow->state) return 0;
  switch (get16(bytes)) {
    case 0x0113:
    case 0x0119: challenged(generator, flow, bytes, length); break;
    case 0x0103: allocated(flow, bytes, length); break;
    case 0x0109: flow->state = BOUND; return 1;
    default: return 0;
  }
  ask(generator, index);
  return 0;
}

void set_up(struct generator *generator, unsigned first, unsigned end) {
  unsigned begun = first, done = first;
  const uint64_t limit = now() + 120000000000ull;
  while (done < end) {
    while (begun < end && begun - done < AT_ONCE) ask(generator, begun++);
    uint8_t bytes[2048];
    struct pollfd ready = {generator->client_socket, POLLIN, 0};
    poll(&ready, 1, 100);
    ssize_t count;
    while ((count = recv(generator->client_socket, bytes, sizeof bytes, 0)) >= 0)
      done += (unsigned)received(generator, bytes, (unsigned)count);
    const uint64_t time = now();
    if (time > limit) fail("the server does not answer");
    // Those that wait are among the last ones begun, as a client is done in a few round trips.
    for (unsigned index = begun > 4 * AT_ONCE ? begun - 4 * AT_ONCE : 0; index < begun; index++)
      if (generator->flows[index].state != BOUND && generator->flows[index].again < time)
        ask(generator, index);
  }
}
