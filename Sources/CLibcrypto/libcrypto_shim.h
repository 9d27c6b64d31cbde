#pragma once
// The SHA-1 mid-state functions are marked deprecated in OpenSSL 3; they are the only ones that
// let a prepared HMAC key be copied without an allocation.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
