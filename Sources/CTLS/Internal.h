#pragma once
#include "CTLS.h"

#include <openssl/ssl.h>

struct tls_context {
  SSL_CTX *context;
};
