#define _GNU_SOURCE
#include "Endpoints.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

/// Opens a TCP socket at an address of this host's; -1 where that cannot be.
static int open_at(const struct linux_endpoint *local, int isListener) {
  union socket_address address;
  socklen_t length = to_socket_address(local, &address);
  int socket_ = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return -1;
  const int yes = 1;
  // A listener may come back while connections of the one before are dying; an IPv6 socket that also
  // took IPv4 would show its addresses as mapped ones.
  // A connection that is to leave from a given port may share it with a listener of this user's and
  // with other connections from there, as relayed TCP connections do (RFC 6062).
  int shares = !isListener && local->port != 0;
  int failed =
      ((isListener || shares) &&
       setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes)) ||
      (shares && setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes)) ||
      (local->isV6 && setsockopt(socket_, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes));
  if (!failed && bind(socket_, &address.any, length) == 0) return socket_;
  int error = errno;
  close(socket_);
  errno = error;
  return -1;
}

/// A message leaves at once, however short it is.
static void send_at_once(int socket_) {
  const int yes = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

int linux_tcp_listen(const struct linux_endpoint *local, int backlog) {
  int socket_ = open_at(local, 1);
  if (socket_ < 0 || listen(socket_, backlog) == 0) return socket_;
  int error = errno;
  close(socket_);
  errno = error;
  return -1;
}

int linux_tcp_accept(int listener, struct linux_endpoint *remote) {
  union socket_address address;
  socklen_t length = sizeof address;
  int socket_ = accept4(listener, &address.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (socket_ < 0) return -1;
  from_socket_address(&address, remote);
  send_at_once(socket_);
  return socket_;
}

int linux_tcp_connect(const struct linux_endpoint *remote, const struct linux_endpoint *local) {
  int socket_ = open_at(local, 0);
  if (socket_ < 0) return -1;
  send_at_once(socket_);
  union socket_address address;
  socklen_t length = to_socket_address(remote, &address);
  if (connect(socket_, &address.any, length) == 0 || errno == EINPROGRESS) return socket_;
  int error = errno;
  close(socket_);
  errno = error;
  return -1;
}

int linux_socket_error(int socket_) {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

long linux_stream_write(int socket_, const void *bytes, unsigned long count) {
  return send(socket_, bytes, count, MSG_NOSIGNAL);
}
