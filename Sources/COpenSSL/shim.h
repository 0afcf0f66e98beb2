#pragma once
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// What Swift can't import: macros with casts or expressions, and variadic functions. Nothing is decided here.

// Memory.

static inline void fleet_openssl_free(void *pointer) { OPENSSL_free(pointer); }

// Memory BIOs, for PEM.

static inline long fleet_bio_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }

// Keys.

static inline EVP_PKEY *fleet_generate_p256(void) { return EVP_EC_gen("P-256"); }

// NULL when the point is not on the curve.
static inline EVP_PKEY *fleet_p256_from_point(const unsigned char *point, size_t size) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"P-256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point, size),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (context != NULL && EVP_PKEY_fromdata_init(context) == 1) {
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

// SSL_CTX.

static inline int fleet_ssl_ctx_set_min_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_min_proto_version(context, version);
}

static inline void fleet_ssl_ctx_set_mode(SSL_CTX *context, long mode) { SSL_CTX_set_mode(context, mode); }

static inline void fleet_ssl_ctx_disable_session_cache(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline int fleet_ssl_ctx_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline uint64_t fleet_ssl_op_no_ticket(void) { return SSL_OP_NO_TICKET; }
static inline uint64_t fleet_ssl_op_no_renegotiation(void) { return SSL_OP_NO_RENEGOTIATION; }
static inline uint64_t fleet_ssl_op_server_preference(void) { return SSL_OP_CIPHER_SERVER_PREFERENCE; }

// SSL.

static inline int fleet_ssl_set_server_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline int fleet_ssl_add_chain_certificate(SSL *ssl, X509 *certificate) {
    return (int)SSL_add1_chain_cert(ssl, certificate);
}

// X.509 extensions.

static inline void fleet_x509v3_set_context(X509V3_CTX *context, X509 *issuer, X509 *subject) {
    X509V3_set_ctx_nodb(context);
    X509V3_set_ctx(context, issuer, subject, NULL, NULL, 0);
}

static inline void fleet_x509v3_set_list_context(X509V3_CTX *context, X509 *issuer, X509_CRL *list) {
    X509V3_set_ctx_nodb(context);
    X509V3_set_ctx(context, issuer, NULL, NULL, list, 0);
}
