#define _GNU_SOURCE
#include "Endpoints.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// netinet/udp.h of older systems lacks them.
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

int linux_udp_put_together(int socket_) {
  const int yes = 1;
  return setsockopt(socket_, IPPROTO_UDP, UDP_GRO, &yes, sizeof yes);
}

int linux_udp_tell_destination(int socket_, int isV6, int enabled) {
  return isV6 ? setsockopt(socket_, IPPROTO_IPV6, IPV6_RECVPKTINFO, &enabled, sizeof enabled)
              : setsockopt(socket_, IPPROTO_IP, IP_PKTINFO, &enabled, sizeof enabled);
}

int linux_udp_set_receive_buffer(int socket_, int bytes) {
  return setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

// MARK: - Receiving

union arrival_control {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int))];
};

struct linux_arrivals {
  unsigned count;
  /// How many headers the kernel has written into.
  unsigned used;
  struct mmsghdr *headers;
  struct iovec *parts;
  union socket_address *addresses;
  union arrival_control *controls;
};

struct linux_arrivals *linux_arrivals_make(void *buffer, unsigned count, unsigned long stride,
                                           unsigned long offset, unsigned long capacity) {
  struct linux_arrivals *arrivals = calloc(1, sizeof *arrivals);
  if (arrivals == NULL) return NULL;
  arrivals->count = count;
  arrivals->headers = calloc(count, sizeof *arrivals->headers);
  arrivals->parts = calloc(count, sizeof *arrivals->parts);
  arrivals->addresses = calloc(count, sizeof *arrivals->addresses);
  arrivals->controls = calloc(count, sizeof *arrivals->controls);
  if (!arrivals->headers || !arrivals->parts || !arrivals->addresses || !arrivals->controls) {
    linux_arrivals_free(arrivals);
    return NULL;
  }
  for (unsigned index = 0; index < count; index++) {
    arrivals->parts[index] = (struct iovec){(char *)buffer + index * stride + offset, capacity};
    arrivals->headers[index].msg_hdr = (struct msghdr){
        .msg_name = &arrivals->addresses[index],
        .msg_iov = &arrivals->parts[index],
        .msg_iovlen = 1,
        .msg_control = &arrivals->controls[index],
    };
  }
  arrivals->used = count;
  return arrivals;
}

void linux_arrivals_free(struct linux_arrivals *arrivals) {
  if (arrivals == NULL) return;
  free(arrivals->headers);
  free(arrivals->parts);
  free(arrivals->addresses);
  free(arrivals->controls);
  free(arrivals);
}

int linux_udp_receive_many(int socket_, struct linux_arrivals *arrivals) {
  for (unsigned index = 0; index < arrivals->used; index++) {
    struct msghdr *header = &arrivals->headers[index].msg_hdr;
    header->msg_namelen = sizeof arrivals->addresses[index];
    header->msg_controllen = sizeof arrivals->controls[index];
  }
  int count = recvmmsg(socket_, arrivals->headers, arrivals->count, MSG_DONTWAIT, NULL);
  // One that failed may have been begun.
  arrivals->used = count < 0 ? 1 : (unsigned)count + 1;
  if (arrivals->used > arrivals->count) arrivals->used = arrivals->count;
  return count;
}

void linux_arrival(const struct linux_arrivals *arrivals, unsigned index,
                   struct linux_arrival *arrival) {
  // CMSG_NXTHDR takes a header that it does not change.
  struct msghdr *message = (struct msghdr *)&arrivals->headers[index].msg_hdr;
  from_socket_address(&arrivals->addresses[index], &arrival->source);
  memset(&arrival->destination, 0, sizeof arrival->destination);
  arrival->destination.isV6 = arrival->source.isV6;
  arrival->count = arrivals->headers[index].msg_len;
  arrival->segment = arrival->count;
  arrival->hasDestination = 0;
  arrival->isTruncated = (message->msg_flags & MSG_TRUNC) != 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL;
       header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(header), sizeof info);
      memcpy(arrival->destination.address, &info.ipi_addr, 4);
      arrival->destination.interface = (unsigned)info.ipi_ifindex;
      arrival->hasDestination = 1;
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(header), sizeof info);
      memcpy(arrival->destination.address, &info.ipi6_addr, 16);
      arrival->destination.interface = info.ipi6_ifindex;
      arrival->hasDestination = 1;
    } else if (header->cmsg_level == IPPROTO_UDP && header->cmsg_type == UDP_GRO) {
      int size;
      memcpy(&size, CMSG_DATA(header), sizeof size);
      if (size > 0) arrival->segment = (unsigned)size;
    }
  }
}

// MARK: - Sending

union departure_control {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(unsigned short))];
};

/// Appends a control message; what it takes.
static unsigned long add_control(char *at, int level, int type, const void *value,
                                 unsigned long count) {
  struct cmsghdr *header = (struct cmsghdr *)at;
  header->cmsg_level = level;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(count);
  memcpy(CMSG_DATA(header), value, count);
  return CMSG_SPACE(count);
}

int linux_udp_send_many(int socket_, const struct linux_departure *departures, unsigned count) {
  struct mmsghdr headers[LINUX_DEPARTURES];
  struct iovec parts[LINUX_DEPARTURES];
  union socket_address addresses[LINUX_DEPARTURES];
  union departure_control controls[LINUX_DEPARTURES];
  if (count > LINUX_DEPARTURES) count = LINUX_DEPARTURES;
  for (unsigned index = 0; index < count; index++) {
    const struct linux_departure *departure = &departures[index];
    const struct linux_endpoint *source = &departure->source;
    char *control = controls[index].bytes;
    unsigned long length = 0;
    memset(control, 0, sizeof controls[index]);
    if (departure->hasSource && source->isV6) {
      struct in6_pktinfo info = {0};
      memcpy(&info.ipi6_addr, source->address, 16);
      if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) info.ipi6_ifindex = source->interface;
      length += add_control(control, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    } else if (departure->hasSource) {
      struct in_pktinfo info = {0};
      memcpy(&info.ipi_spec_dst, source->address, 4);
      length += add_control(control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    }
    if (departure->segment > 0 && departure->segment < departure->count) {
      const unsigned short size = (unsigned short)departure->segment;
      length += add_control(control + length, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size);
    }
    parts[index] = (struct iovec){(void *)departure->bytes, departure->count};
    headers[index].msg_hdr = (struct msghdr){
        .msg_name = &addresses[index],
        .msg_namelen = to_socket_address(&departure->destination, &addresses[index]),
        .msg_iov = &parts[index],
        .msg_iovlen = 1,
        .msg_control = length > 0 ? control : NULL,
        .msg_controllen = length,
    };
  }
  return sendmmsg(socket_, headers, count, MSG_NOSIGNAL);
}
