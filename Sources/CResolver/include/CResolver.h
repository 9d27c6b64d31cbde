#pragma once
// Records of DNS by the C library's resolver, behind a header that has none of its own.

#include <stdint.h>

/// Which records are asked for.
enum {
  resolver_type_a = 1,
  resolver_type_aaaa = 28,
  resolver_type_srv = 33,
  resolver_type_naptr = 35,
};

/// What a query came to that brought no records.
enum {
  /// The name or its records of this type are not there.
  resolver_nothing = 0,
  /// No name server has answered, or none could.
  resolver_unanswered = -1,
};

/// One record; which of the members it has follows from the type that was asked for.
struct resolver_record {
  /// SRV: the priority; NAPTR: the order.
  uint16_t first;
  /// SRV: the weight; NAPTR: the preference.
  uint16_t second;
  /// SRV.
  uint16_t port;
  /// NAPTR: three texts, of 255 bytes at most.
  char flags[256], services[256], expression[256];
  /// SRV: the target; NAPTR: the replacement.
  char name[1025];
  /// A: 4 bytes; AAAA: 16.
  uint8_t address[16];
};

/// Asks for the records of a name and waits for the answer. `server` is the IPv4 address of a name
/// server, in network byte order, and `port` its port; without them those of the system are asked. Gives
/// the number of records that were written, `capacity` at most, or one of the two above.
int resolver_query(const char *name, int type, const uint32_t *server, uint16_t port,
                   struct resolver_record *records, int capacity);
