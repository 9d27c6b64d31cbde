#pragma once
// Clients and a peer for a TURN server on this host: allocations by the thousand, and data through them.

#include <netinet/in.h>
#include <stdint.h>
#include <sys/types.h>

// netinet/udp.h of older systems lacks them.
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

/// How many datagrams are sent or received by one system call.
#define BATCH 64

/// One client: an address of 127.0.0.0/8, from which it asks, and its allocation.
struct flow {
  enum { UNKNOWN, CHALLENGED, ALLOCATED, BOUND } state;
  /// When its request is sent again.
  uint64_t again;
  char nonce[160];
  uint16_t nonce_length;
  /// The next sequence number to send, and to come back.
  uint32_t next, expected;
};

struct generator {
  struct sockaddr_in server;
  struct sockaddr_in peer;
  pid_t process;
  /// All clients share one socket, and all allocations one peer: only the server has many.
  int client_socket, peer_socket;
  char realm[128];
  uint16_t realm_length;
  uint8_t key[16];
  struct flow *flows;
  unsigned flow_count;
};

/// Nanoseconds of the monotonic clock.
uint64_t now(void);

/// Says what is wrong, and ends the program with 1.
void fail(const char *what) __attribute__((noreturn));

/// Opens the sockets, and has room for so many clients.
void open_generator(struct generator *generator, uint16_t port, pid_t process, unsigned count);

/// Has one more datagram of a client's sent from its address; `control` has CONTROL_LENGTH bytes.
#define CONTROL_LENGTH 64
struct msghdr;
void send_from(struct msghdr *message, unsigned flow, void *control, unsigned segment);

/// Makes the allocations of clients first..<end, each with a channel to the peer.
void set_up(struct generator *generator, unsigned first, unsigned end);

/// The server's processor time in nanoseconds.
uint64_t processor_time(const struct generator *generator);

/// The server's resident memory in bytes.
uint64_t resident_memory(const struct generator *generator);

/// Sends data to the peer, which sends them back, with so many datagrams on their way at once; prints
/// the server's processor time for each that it has delivered.
void load(struct generator *generator, unsigned size, unsigned window, unsigned burst);

/// Sends data to the peer at a fixed rate; prints the median and the 99th percentile of their delay.
void measure_delay(struct generator *generator, unsigned size, unsigned rate);
