#pragma once
// TLS by the system's OpenSSL, without its headers: what is received and what is to be sent are
// bytes in memory, and sockets are somebody else's.

/// What many sessions share: certificates, and what is trusted.
struct tls_context;

/// One end of one connection.
struct tls_session;

/// Why a handshake has failed, or a session is broken.
enum tls_reason {
  tls_reason_none,
  /// The other end does not speak TLS.
  tls_reason_not_tls,
  /// No version of TLS that both ends take.
  tls_reason_version,
  /// No cipher that both ends take.
  tls_reason_cipher,
  /// The certificate's time is over.
  tls_reason_expired,
  /// The certificate's time has not begun.
  tls_reason_not_yet_valid,
  /// The certificate is another name's.
  tls_reason_name,
  /// The certificate is of no issuer that is trusted.
  tls_reason_unknown_issuer,
  /// The certificate cannot be used for another reason.
  tls_reason_certificate,
  /// The other end has refused, by an alert.
  tls_reason_alert,
  /// Something else.
  tls_reason_other,
};

/// Makes a key and a certificate that it signs itself, as PEM text in buffers. `names` are IP addresses
/// and host names; the certificate is valid from `from` to `until`, in seconds from now. Gives 0, or -1.
int tls_make_certificate(const char *const names[], int count, long from, long until,
                         char *certificate, unsigned long certificateCapacity, char *key,
                         unsigned long keyCapacity);

/// A server's context with a chain of certificates and the key of its first, as PEM text; or NULL. Then
/// `problem` says in a word what was wrong: `certificate`, `key`, `pair` or `library`.
struct tls_context *tls_server_context(const char *chain, unsigned long chainCount,
                                       const char *key, unsigned long keyCount,
                                       const char **problem);

/// A client's context that trusts the system's issuers, and those of PEM text unless it is NULL.
struct tls_context *tls_client_context(const char *issuers, unsigned long count,
                                       const char **problem);

void tls_context_free(struct tls_context *context);

/// The SHA-256 of the certificate that a server's context shows; 0, or -1.
int tls_context_fingerprint(struct tls_context *context, unsigned char digest[32]);

/// One end of a connection; a client's checks that the certificate has the name, a host's or an
/// address. NULL where there is no memory.
struct tls_session *tls_session_new(struct tls_context *context, int isServer, const char *name);

void tls_session_free(struct tls_session *session);

/// Goes on with the handshake: 1 when it is done, 0 when more has to come, -1 when it has failed.
int tls_session_handshake(struct tls_session *session);

/// Hands over what the network has brought; 0, or -1 where there is no memory.
int tls_session_received(struct tls_session *session, const void *bytes, unsigned long count);

/// Takes data out: how many bytes, 0 when more has to come, -1 after the other end's last, -2 when the
/// session is broken.
long tls_session_read(struct tls_session *session, void *buffer, unsigned long capacity);

/// Puts data in: 0, or -1 when the session is broken.
int tls_session_write(struct tls_session *session, const void *bytes, unsigned long count);

/// Says that no data follow.
void tls_session_close(struct tls_session *session);

/// Takes bytes for the network out: how many, 0 when there are none.
long tls_session_output(struct tls_session *session, void *buffer, unsigned long capacity);

/// Why the session is broken, with the library's own words in `text`.
enum tls_reason tls_session_reason(struct tls_session *session, char *text,
                                   unsigned long capacity);

/// The protocol's version: `TLSv1.3`.
const char *tls_session_version(struct tls_session *session);
