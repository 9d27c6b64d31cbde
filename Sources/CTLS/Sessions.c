#include "Internal.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

struct tls_session {
  SSL *ssl;
  /// What the network has brought, and what it is to take; both belong to `ssl`.
  BIO *input;
  BIO *output;
  /// The library's reason, of the first failure.
  unsigned long failure;
};

/// Has a client's end demand a certificate of this name.
static int demand_name(SSL *ssl, const char *name) {
  unsigned char bytes[16];
  if (inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1)
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name);
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, name) && SSL_set_tlsext_host_name(ssl, name);
}

struct tls_session *tls_session_new(struct tls_context *context, int isServer, const char *name) {
  struct tls_session *session = calloc(1, sizeof *session);
  if (session == NULL) return NULL;
  session->ssl = SSL_new(context->context);
  session->input = BIO_new(BIO_s_mem());
  session->output = BIO_new(BIO_s_mem());
  if (session->ssl == NULL || session->input == NULL || session->output == NULL) {
    BIO_free(session->input);
    BIO_free(session->output);
    SSL_free(session->ssl);
    free(session);
    return NULL;
  }
  // An empty buffer means that more has to come, not that this was the end.
  BIO_set_mem_eof_return(session->input, -1);
  SSL_set_bio(session->ssl, session->input, session->output);
  if (isServer) {
    SSL_set_accept_state(session->ssl);
  } else {
    SSL_set_connect_state(session->ssl);
    if (name != NULL && !demand_name(session->ssl, name)) {
      tls_session_free(session);
      return NULL;
    }
  }
  return session;
}

void tls_session_free(struct tls_session *session) {
  SSL_free(session->ssl);
  free(session);
}

/// Whether a call could not go on for now; otherwise its reason is kept.
static int is_waiting(struct tls_session *session, int result) {
  int error = SSL_get_error(session->ssl, result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return 1;
  if (session->failure == 0) session->failure = ERR_peek_error();
  ERR_clear_error();
  return 0;
}

int tls_session_handshake(struct tls_session *session) {
  ERR_clear_error();
  int result = SSL_do_handshake(session->ssl);
  if (result == 1) return 1;
  return is_waiting(session, result) ? 0 : -1;
}

int tls_session_received(struct tls_session *session, const void *bytes, unsigned long count) {
  return BIO_write(session->input, bytes, (int)count) == (int)count ? 0 : -1;
}

long tls_session_read(struct tls_session *session, void *buffer, unsigned long capacity) {
  ERR_clear_error();
  int result = SSL_read(session->ssl, buffer, (int)capacity);
  if (result > 0) return result;
  if (SSL_get_error(session->ssl, result) == SSL_ERROR_ZERO_RETURN) return -1;
  return is_waiting(session, result) ? 0 : -2;
}

int tls_session_write(struct tls_session *session, const void *bytes, unsigned long count) {
  if (count == 0) return 0;
  ERR_clear_error();
  // The output is memory, which always takes all of it.
  int result = SSL_write(session->ssl, bytes, (int)count);
  if (result == (int)count) return 0;
  is_waiting(session, result);
  return -1;
}

void tls_session_close(struct tls_session *session) {
  ERR_clear_error();
  SSL_shutdown(session->ssl);
  ERR_clear_error();
}

long tls_session_output(struct tls_session *session, void *buffer, unsigned long capacity) {
  int count = BIO_read(session->output, buffer, (int)capacity);
  return count > 0 ? count : 0;
}

static enum tls_reason reason_of_certificate(long result) {
  switch (result) {
  case X509_V_ERR_CERT_HAS_EXPIRED: return tls_reason_expired;
  case X509_V_ERR_CERT_NOT_YET_VALID: return tls_reason_not_yet_valid;
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH: return tls_reason_name;
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_CERT_UNTRUSTED: return tls_reason_unknown_issuer;
  default: return tls_reason_certificate;
  }
}

static enum tls_reason reason_of_failure(unsigned long failure) {
  if (ERR_GET_LIB(failure) != ERR_LIB_SSL) return tls_reason_other;
  int reason = ERR_GET_REASON(failure);
  switch (reason) {
  case SSL_R_WRONG_VERSION_NUMBER:
  case SSL_R_HTTP_REQUEST:
  case SSL_R_HTTPS_PROXY_REQUEST:
  case SSL_R_UNEXPECTED_MESSAGE:
  case SSL_R_BAD_RECORD_TYPE:
  case SSL_R_PACKET_LENGTH_TOO_LONG:
  case SSL_R_RECORD_LENGTH_MISMATCH:
  case SSL_R_RECORD_TOO_SMALL: return tls_reason_not_tls;
  case SSL_R_UNSUPPORTED_PROTOCOL:
  case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
  case SSL_R_VERSION_TOO_LOW: return tls_reason_version;
  case SSL_R_NO_SHARED_CIPHER:
  case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE: return tls_reason_cipher;
  default:
    // The library numbers alerts that it has received from 1000 on.
    return reason > SSL_AD_REASON_OFFSET ? tls_reason_alert : tls_reason_other;
  }
}

enum tls_reason tls_session_reason(struct tls_session *session, char *text,
                                   unsigned long capacity) {
  text[0] = 0;
  long verified = SSL_get_verify_result(session->ssl);
  if (!SSL_is_server(session->ssl) && verified != X509_V_OK) {
    strncat(text, X509_verify_cert_error_string(verified), capacity - 1);
    return reason_of_certificate(verified);
  }
  if (session->failure == 0) return tls_reason_none;
  const char *words = ERR_reason_error_string(session->failure);
  if (words != NULL) strncat(text, words, capacity - 1);
  return reason_of_failure(session->failure);
}

const char *tls_session_version(struct tls_session *session) {
  return SSL_get_version(session->ssl);
}
