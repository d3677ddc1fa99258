/* Hashes: the identity of a finding, and the keys by which a comparison pairs what belongs
 * together. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Changes whenever the same finding would get another fingerprint. */
#define FINGERPRINT_VERSION "2"

/* XXH3 (stable since xxHash 0.8.0) over texts; NULL counts as an empty one. "a","bc" and "ab","c"
 * differ. */
uint64_t fingerprint_hash(const char *const *texts, size_t count);

/* Ten hexadecimal digits and a NUL. */
void fingerprint_format(char out[11], uint64_t hash);
