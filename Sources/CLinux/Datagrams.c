#define _GNU_SOURCE
#include "Endpoints.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>

int linux_udp_open(const struct linux_endpoint *local, int joins) {
  union socket_address address;
  socklen_t length = to_socket_address(local, &address);
  int socket_ = socket(address.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return -1;
  const int yes = 1;
  // An IPv6 socket that also took IPv4 would show its addresses as mapped ones.
  int failed = local->isV6
                   ? setsockopt(socket_, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) ||
                         setsockopt(socket_, IPPROTO_IPV6, IPV6_RECVPKTINFO, &yes, sizeof yes)
                   : setsockopt(socket_, IPPROTO_IP, IP_PKTINFO, &yes, sizeof yes);
  if (joins) failed |= setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  if (!failed && bind(socket_, &address.any, length) == 0) return socket_;
  int error = errno;
  close(socket_);
  errno = error;
  return -1;
}

int linux_socket_name(int socket_, struct linux_endpoint *local) {
  union socket_address address;
  socklen_t length = sizeof address;
  if (getsockname(socket_, &address.any, &length) != 0) return -1;
  from_socket_address(&address, local);
  return 0;
}

union control {
  struct cmsghdr header;
  char v4[CMSG_SPACE(sizeof(struct in_pktinfo))];
  char v6[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

long linux_udp_receive(int socket_, void *buffer, unsigned long capacity,
                       struct linux_endpoint *source, struct linux_endpoint *destination,
                       int *isTruncated) {
  union socket_address address;
  union control control;
  struct iovec part = {buffer, capacity};
  struct msghdr message = {
      .msg_name = &address,
      .msg_namelen = sizeof address,
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = &control,
      .msg_controllen = sizeof control,
  };
  ssize_t count = recvmsg(socket_, &message, 0);
  if (count < 0) return -1;
  *isTruncated = (message.msg_flags & MSG_TRUNC) != 0;
  from_socket_address(&address, source);
  memset(destination, 0, sizeof *destination);
  destination->isV6 = source->isV6;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(header), sizeof info);
      memcpy(destination->address, &info.ipi_addr, 4);
      destination->interface = (unsigned)info.ipi_ifindex;
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(header), sizeof info);
      memcpy(destination->address, &info.ipi6_addr, 16);
      destination->interface = info.ipi6_ifindex;
    }
  }
  return count;
}

int linux_udp_keep_errors(int socket_, int isV6) {
  const int yes = 1;
  return isV6 ? setsockopt(socket_, IPPROTO_IPV6, IPV6_RECVERR, &yes, sizeof yes)
              : setsockopt(socket_, IPPROTO_IP, IP_RECVERR, &yes, sizeof yes);
}

int linux_udp_take_error(int socket_, struct linux_endpoint *destination,
                         struct linux_udp_error *error) {
  union socket_address address;
  // Room for the error with the router's address, and for what the socket tells of each packet.
  union {
    struct cmsghdr header;
    char bytes[256];
  } control;
  char packet[1];
  struct iovec part = {packet, sizeof packet};
  struct msghdr message = {
      .msg_name = &address,
      .msg_namelen = sizeof address,
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = &control,
      .msg_controllen = sizeof control,
  };
  memset(&address, 0, sizeof address);
  if (recvmsg(socket_, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
    return errno == EAGAIN ? 0 : -1;
  from_socket_address(&address, destination);
  memset(error, 0, sizeof *error);
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL;
       header = CMSG_NXTHDR(&message, header)) {
    int isError = (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR) ||
                  (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR);
    if (!isError) continue;
    struct sock_extended_err details;
    memcpy(&details, CMSG_DATA(header), sizeof details);
    error->isLocal = details.ee_origin == SO_EE_ORIGIN_LOCAL;
    error->type = error->isLocal ? 0 : details.ee_type;
    error->code = error->isLocal ? 0 : details.ee_code;
    error->reason = (int)details.ee_errno;
    error->information = details.ee_info;
  }
  return 1;
}

int linux_udp_forbid_fragments(int socket_, int isV6, int forbidden) {
  // The kernel's own choice, to find out a path's MTU by itself, would forbid them now and then.
  const int v4 = forbidden ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT;
  const int v6 = forbidden ? IPV6_PMTUDISC_DO : IPV6_PMTUDISC_DONT;
  return isV6 ? setsockopt(socket_, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &v6, sizeof v6)
              : setsockopt(socket_, IPPROTO_IP, IP_MTU_DISCOVER, &v4, sizeof v4);
}

int linux_udp_source(const struct linux_endpoint *destination, struct linux_endpoint *source) {
  union socket_address address;
  socklen_t length = to_socket_address(destination, &address);
  int socket_ = socket(address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return -1;
  // Connecting a UDP socket sends nothing: it only looks for a route.
  int result = connect(socket_, &address.any, length);
  if (result == 0) result = linux_socket_name(socket_, source);
  int error = errno;
  close(socket_);
  errno = error;
  return result;
}
