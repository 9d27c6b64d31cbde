#pragma once
// Endpoints as the kernel has them.

#include "CLinux.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

union socket_address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

static inline socklen_t to_socket_address(const struct linux_endpoint *endpoint,
                                          union socket_address *address) {
  memset(address, 0, sizeof *address);
  if (endpoint->isV6) {
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons(endpoint->port);
    memcpy(&address->v6.sin6_addr, endpoint->address, 16);
    // A link-local address means nothing without its link.
    if (IN6_IS_ADDR_LINKLOCAL(&address->v6.sin6_addr))
      address->v6.sin6_scope_id = endpoint->interface;
    return sizeof address->v6;
  }
  address->v4.sin_family = AF_INET;
  address->v4.sin_port = htons(endpoint->port);
  memcpy(&address->v4.sin_addr, endpoint->address, 4);
  return sizeof address->v4;
}

static inline void from_socket_address(const union socket_address *address,
                                       struct linux_endpoint *endpoint) {
  memset(endpoint, 0, sizeof *endpoint);
  endpoint->isV6 = address->any.sa_family == AF_INET6;
  if (endpoint->isV6) {
    endpoint->port = ntohs(address->v6.sin6_port);
    endpoint->interface = address->v6.sin6_scope_id;
    memcpy(endpoint->address, &address->v6.sin6_addr, 16);
  } else {
    endpoint->port = ntohs(address->v4.sin_port);
    memcpy(endpoint->address, &address->v4.sin_addr, 4);
  }
}
