#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int linux_enter_network(int network) {
  int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (home < 0) return -1;
  // A negative number stands for a network that is not there yet.
  if ((network < 0 ? unshare(CLONE_NEWNET) : setns(network, CLONE_NEWNET)) == 0) return home;
  int error = errno;
  close(home);
  errno = error;
  return -1;
}

int linux_leave_network(int home) {
  int result = setns(home, CLONE_NEWNET);
  close(home);
  return result;
}

int linux_open_tun(char *name, int *existed) {
  *existed = if_nametoindex(name) != 0;
  int device = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (device < 0) return -1;
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR;
  int headerLength = LINUX_TUN_HEADER_LENGTH;
  if (ioctl(device, TUNSETIFF, &request) == 0 &&
      ioctl(device, TUNSETVNETHDRSZ, &headerLength) == 0) {
    memcpy(name, request.ifr_name, IFNAMSIZ);
    return device;
  }
  int error = errno;
  close(device);
  errno = error;
  return -1;
}

int linux_set_tun_offload(int device, int enabled) {
  unsigned long features = enabled ? TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO_ECN : 0;
  return ioctl(device, TUNSETOFFLOAD, features);
}

/// One request about a device, on a socket of this network.
static int ask(unsigned long request, struct ifreq *about) {
  int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return -1;
  int result = ioctl(socket_, request, about);
  int error = errno;
  close(socket_);
  errno = error;
  return result;
}

int linux_mtu(const char *name) {
  struct ifreq about = {0};
  strncpy(about.ifr_name, name, IFNAMSIZ - 1);
  return ask(SIOCGIFMTU, &about) == 0 ? about.ifr_mtu : -1;
}

int linux_set_mtu(const char *name, int mtu) {
  struct ifreq about = {0};
  strncpy(about.ifr_name, name, IFNAMSIZ - 1);
  about.ifr_mtu = mtu;
  return ask(SIOCSIFMTU, &about);
}

int linux_set_queue_length(const char *name, int packets) {
  struct ifreq about = {0};
  strncpy(about.ifr_name, name, IFNAMSIZ - 1);
  about.ifr_qlen = packets;
  return ask(SIOCSIFTXQLEN, &about);
}

int linux_bring_up(const char *name) {
  struct ifreq about = {0};
  strncpy(about.ifr_name, name, IFNAMSIZ - 1);
  if (ask(SIOCGIFFLAGS, &about) != 0) return -1;
  about.ifr_flags |= IFF_UP;
  return ask(SIOCSIFFLAGS, &about);
}

/// A message to rtnetlink: what is to be added, and its attributes.
struct addition {
  struct nlmsghdr header;
  union {
    struct ifaddrmsg address;
    struct rtmsg route;
    struct fib_rule_hdr rule;
  } body;
  char attributes[64];
};

static void append(struct addition *message, unsigned short type, const void *value,
                   unsigned short length) {
  struct rtattr *attribute =
      (struct rtattr *)((char *)message + NLMSG_ALIGN(message->header.nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = RTA_LENGTH(length);
  memcpy(RTA_DATA(attribute), value, length);
  message->header.nlmsg_len =
      NLMSG_ALIGN(message->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

static void append_number(struct addition *message, unsigned short type, unsigned value) {
  append(message, type, &value, sizeof value);
}

/// Sends the message and waits for what the kernel says to it.
static int add(struct addition *message) {
  message->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  int socket_ = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (socket_ < 0) return -1;
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char rest[512];
  } answer;
  int error = EIO;
  if (send(socket_, message, message->header.nlmsg_len, 0) < 0) {
    error = errno;
  } else if (recv(socket_, &answer, sizeof answer, 0) >= (ssize_t)NLMSG_LENGTH(sizeof(int)) &&
             answer.header.nlmsg_type == NLMSG_ERROR) {
    error = -answer.error.error;
  }
  close(socket_);
  errno = error;
  return error == 0 ? 0 : -1;
}

int linux_add_address(const char *name, int isV6, const unsigned char *address, int prefixLength) {
  struct addition message = {0};
  message.header.nlmsg_type = RTM_NEWADDR;
  message.header.nlmsg_len = NLMSG_LENGTH(sizeof message.body.address);
  message.body.address.ifa_family = isV6 ? AF_INET6 : AF_INET;
  message.body.address.ifa_prefixlen = (unsigned char)prefixLength;
  message.body.address.ifa_index = if_nametoindex(name);
  // No other host is on the device that could have the address already.
  if (isV6) message.body.address.ifa_flags = IFA_F_NODAD;
  append(&message, IFA_LOCAL, address, isV6 ? 16 : 4);
  append(&message, IFA_ADDRESS, address, isV6 ? 16 : 4);
  return add(&message);
}

int linux_add_default_route(const char *name, int isV6, unsigned metric, unsigned table) {
  struct addition message = {0};
  message.header.nlmsg_type = RTM_NEWROUTE;
  message.header.nlmsg_len = NLMSG_LENGTH(sizeof message.body.route);
  message.body.route.rtm_family = isV6 ? AF_INET6 : AF_INET;
  message.body.route.rtm_table = RT_TABLE_MAIN;
  message.body.route.rtm_protocol = RTPROT_STATIC;
  message.body.route.rtm_scope = isV6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
  message.body.route.rtm_type = RTN_UNICAST;
  append_number(&message, RTA_OIF, if_nametoindex(name));
  if (metric != 0) append_number(&message, RTA_PRIORITY, metric);
  if (table != 0) append_number(&message, RTA_TABLE, table);
  return add(&message);
}

int linux_add_source_rule(int isV6, const unsigned char *address, unsigned table) {
  struct addition message = {0};
  message.header.nlmsg_type = RTM_NEWRULE;
  message.header.nlmsg_len = NLMSG_LENGTH(sizeof message.body.rule);
  message.body.rule.family = isV6 ? AF_INET6 : AF_INET;
  message.body.rule.src_len = isV6 ? 128 : 32;
  message.body.rule.action = FR_ACT_TO_TBL;
  append(&message, FRA_SRC, address, isV6 ? 16 : 4);
  append_number(&message, FRA_TABLE, table);
  return add(&message);
}
