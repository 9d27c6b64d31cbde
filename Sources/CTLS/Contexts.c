#include "Internal.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/// Whether a list of protocol names, each after its length, has this one.
static int offers(const unsigned char *list, unsigned count, const char *name) {
  unsigned length = (unsigned)strlen(name);
  for (unsigned at = 0; at < count; at += 1 + list[at])
    if (list[at] == length && at + 1 + length <= count && memcmp(list + at + 1, name, length) == 0)
      return 1;
  return 0;
}

/// The names of RFC 7443; a client that offers none of them is served as well.
static int choose_protocol(SSL *ssl, const unsigned char **chosen, unsigned char *length,
                           const unsigned char *list, unsigned count, void *unused) {
  static const char *const names[] = {"stun.turn", "stun.nat-discovery"};
  (void)ssl, (void)unused;
  for (int index = 0; index < 2; index++) {
    if (!offers(list, count, names[index])) continue;
    *chosen = (const unsigned char *)names[index];
    *length = (unsigned char)strlen(names[index]);
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

static struct tls_context *new_context(const SSL_METHOD *method) {
  struct tls_context *context = calloc(1, sizeof *context);
  if (context == NULL) return NULL;
  context->context = SSL_CTX_new(method);
  if (context->context == NULL) {
    free(context);
    return NULL;
  }
  SSL_CTX *ctx = context->context;
  // RFC 8996: nothing older.
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  // A server keeps nothing about sessions that are over, and never begins a handshake again.
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(ctx, 0);
  SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

/// There is no terminal to ask for the password of a key.
static int no_password(char *buffer, int size, int writing, void *unused) {
  (void)buffer, (void)size, (void)writing, (void)unused;
  return -1;
}

static const char *use_chain(SSL_CTX *context, const char *text, unsigned long count) {
  BIO *memory = BIO_new_mem_buf(text, (int)count);
  if (memory == NULL) return "library";
  const char *problem = NULL;
  X509 *certificate = PEM_read_bio_X509_AUX(memory, NULL, no_password, NULL);
  if (certificate == NULL || SSL_CTX_use_certificate(context, certificate) != 1)
    problem = "certificate";
  X509_free(certificate);
  while (problem == NULL && (certificate = PEM_read_bio_X509(memory, NULL, no_password, NULL))) {
    if (SSL_CTX_add0_chain_cert(context, certificate) == 1) continue;
    X509_free(certificate);
    problem = "certificate";
  }
  BIO_free(memory);
  return problem;
}

static const char *use_key(SSL_CTX *context, const char *text, unsigned long count) {
  BIO *memory = BIO_new_mem_buf(text, (int)count);
  if (memory == NULL) return "library";
  EVP_PKEY *key = PEM_read_bio_PrivateKey(memory, NULL, no_password, NULL);
  BIO_free(memory);
  if (key == NULL) return "key";
  const char *problem = SSL_CTX_use_PrivateKey(context, key) == 1 ? NULL : "pair";
  EVP_PKEY_free(key);
  if (problem == NULL && SSL_CTX_check_private_key(context) != 1) problem = "pair";
  return problem;
}

struct tls_context *tls_server_context(const char *chain, unsigned long chainCount,
                                       const char *key, unsigned long keyCount,
                                       const char **problem) {
  struct tls_context *context = new_context(TLS_server_method());
  if (context == NULL) {
    *problem = "library";
    return NULL;
  }
  *problem = use_chain(context->context, chain, chainCount);
  if (*problem == NULL) *problem = use_key(context->context, key, keyCount);
  ERR_clear_error();
  if (*problem != NULL) {
    tls_context_free(context);
    return NULL;
  }
  SSL_CTX_set_alpn_select_cb(context->context, choose_protocol, NULL);
  return context;
}

/// Adds the issuers of PEM text; how many there were.
static int trust(SSL_CTX *context, const char *text, unsigned long count) {
  BIO *memory = BIO_new_mem_buf(text, (int)count);
  if (memory == NULL) return 0;
  int added = 0;
  X509 *certificate;
  while ((certificate = PEM_read_bio_X509(memory, NULL, no_password, NULL)) != NULL) {
    added += X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate);
    X509_free(certificate);
  }
  BIO_free(memory);
  return added;
}

struct tls_context *tls_client_context(const char *issuers, unsigned long count,
                                       const char **problem) {
  struct tls_context *context = new_context(TLS_client_method());
  *problem = context == NULL ? "library" : NULL;
  if (context == NULL) return NULL;
  SSL_CTX_set_verify(context->context, SSL_VERIFY_PEER, NULL);
  // Without the system's issuers nothing is trusted, which each handshake says then.
  SSL_CTX_set_default_verify_paths(context->context);
  if (issuers != NULL && trust(context->context, issuers, count) == 0) {
    *problem = "certificate";
    tls_context_free(context);
    context = NULL;
  }
  ERR_clear_error();
  return context;
}

void tls_context_free(struct tls_context *context) {
  SSL_CTX_free(context->context);
  free(context);
}

int tls_context_fingerprint(struct tls_context *context, unsigned char digest[32]) {
  X509 *certificate = SSL_CTX_get0_certificate(context->context);
  unsigned length = 32;
  return certificate != NULL && X509_digest(certificate, EVP_sha256(), digest, &length) ? 0 : -1;
}
