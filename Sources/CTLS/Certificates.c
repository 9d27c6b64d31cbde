#include "CTLS.h"

#include <arpa/inet.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/// Whether the name is an IP address, which certificates list apart.
static int is_address(const char *name) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

static int add_extension(X509 *certificate, int type, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, type, value);
  if (extension == NULL) return 0;
  int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}

static int add_names(X509 *certificate, const char *const names[], int count) {
  char list[2048] = "";
  for (int index = 0; index < count; index++) {
    // A comma would begin another name.
    if (strchr(names[index], ',') != NULL) return 0;
    if (strlen(list) + strlen(names[index]) + 8 > sizeof list) return 0;
    if (index > 0) strcat(list, ",");
    strcat(list, is_address(names[index]) ? "IP:" : "DNS:");
    strcat(list, names[index]);
  }
  return add_extension(certificate, NID_subject_alt_name, list);
}

static int fill(X509 *certificate, EVP_PKEY *key, const char *const names[], int count, long from,
                long until) {
  unsigned char serial[16];
  if (RAND_bytes(serial, sizeof serial) != 1) return 0;
  serial[0] &= 0x7F;
  BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
  int has_serial =
      number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
  BN_free(number);
  X509_NAME *subject = X509_get_subject_name(certificate);
  return has_serial && X509_set_version(certificate, X509_VERSION_3) &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), from) != NULL &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), until) != NULL &&
         X509_set_pubkey(certificate, key) &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                    (const unsigned char *)names[0], -1, -1, 0) &&
         X509_set_issuer_name(certificate, subject) &&
         // It is its own issuer, so whoever wants to can trust it alone.
         add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
         add_names(certificate, names, count) && X509_sign(certificate, key, EVP_sha256()) > 0;
}

static int take_text(BIO *memory, char *buffer, unsigned long capacity) {
  int count = BIO_read(memory, buffer, (int)capacity - 1);
  if (count <= 0 || BIO_pending(memory) > 0) return 0;
  buffer[count] = 0;
  return 1;
}

int tls_make_certificate(const char *const names[], int count, long from, long until,
                         char *certificateText, unsigned long certificateCapacity, char *keyText,
                         unsigned long keyCapacity) {
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *certificate = X509_new();
  BIO *first = BIO_new(BIO_s_mem());
  BIO *second = BIO_new(BIO_s_mem());
  int made = count > 0 && key != NULL && certificate != NULL && first != NULL && second != NULL &&
             fill(certificate, key, names, count, from, until) &&
             PEM_write_bio_X509(first, certificate) &&
             PEM_write_bio_PrivateKey(second, key, NULL, NULL, 0, NULL, NULL) &&
             take_text(first, certificateText, certificateCapacity) &&
             take_text(second, keyText, keyCapacity);
  BIO_free(first);
  BIO_free(second);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made ? 0 : -1;
}
