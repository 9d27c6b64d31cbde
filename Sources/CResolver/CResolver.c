#include "CResolver.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

/// How long a server has to answer, in seconds, and how often it is asked.
enum { patience = 2, attempts = 2 };

static uint16_t number(const unsigned char *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }

/// Reads a text with its length before it; where it ends, or NULL if it does not before `end`.
static const unsigned char *read_text(const unsigned char *at, const unsigned char *end,
                                      char text[256]) {
  if (at >= end || at + 1 + at[0] > end) return NULL;
  memcpy(text, at + 1, at[0]);
  text[at[0]] = 0;
  return at + 1 + at[0];
}

static int read_name(const ns_msg *message, const unsigned char *at, char name[1025]) {
  return ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message), at, name, 1025) >= 0;
}

/// Reads a record's data; 0 where they are malformed.
static int read_record(const ns_msg *message, int type, const ns_rr *source,
                       struct resolver_record *record) {
  const unsigned char *data = ns_rr_rdata(*source), *end = data + ns_rr_rdlen(*source);
  memset(record, 0, sizeof *record);
  switch (type) {
    case resolver_type_a:
    case resolver_type_aaaa: {
      size_t size = type == resolver_type_a ? 4 : 16;
      if ((size_t)(end - data) != size) return 0;
      memcpy(record->address, data, size);
      return 1;
    }
    case resolver_type_srv:
      if (end - data < 7) return 0;
      record->first = number(data);
      record->second = number(data + 2);
      record->port = number(data + 4);
      return read_name(message, data + 6, record->name);
    case resolver_type_naptr:
      if (end - data < 8) return 0;
      record->first = number(data);
      record->second = number(data + 2);
      data = read_text(data + 4, end, record->flags);
      if (data) data = read_text(data, end, record->services);
      if (data) data = read_text(data, end, record->expression);
      return data && data < end && read_name(message, data, record->name);
    default:
      return 0;
  }
}

int resolver_query(const char *name, int type, const uint32_t *server, uint16_t port,
                   struct resolver_record *records, int capacity) {
  struct __res_state state;
  memset(&state, 0, sizeof state);
  if (res_ninit(&state) != 0) return resolver_unanswered;
  state.retrans = patience;
  state.retry = attempts;
  if (server) {
    state.nscount = 1;
    memset(&state.nsaddr_list[0], 0, sizeof state.nsaddr_list[0]);
    state.nsaddr_list[0].sin_family = AF_INET;
    state.nsaddr_list[0].sin_port = htons(port);
    state.nsaddr_list[0].sin_addr.s_addr = *server;
  }
  unsigned char answer[NS_MAXMSG];
  int length = res_nquery(&state, name, ns_c_in, type, answer, sizeof answer);
  int error = state.res_h_errno;
  res_nclose(&state);
  if (length < 0)
    return error == HOST_NOT_FOUND || error == NO_DATA ? resolver_nothing : resolver_unanswered;
  if (length > (int)sizeof answer) length = sizeof answer;
  ns_msg message;
  if (ns_initparse(answer, length, &message) != 0) return resolver_unanswered;
  int count = 0;
  for (int index = 0; index < ns_msg_count(message, ns_s_an) && count < capacity; index++) {
    ns_rr source;
    if (ns_parserr(&message, ns_s_an, index, &source) != 0) break;
    // Besides them the answer has the aliases on the way to them.
    if (ns_rr_type(source) == type && read_record(&message, type, &source, &records[count])) count++;
  }
  return count;
}
