/* Hashes of bytes. */
#pragma once

#include <stdint.h>

#include "src/base/str.h"

/* XXH3, 64 bits: the same on every machine. */
uint64_t hash_bytes(struct str bytes, uint64_t seed);

/* The name of a content: 128 bits of XXH3 in hex digits. */
struct content_id {
	char hex[33];
};

struct content_id hash_content(struct str bytes);
