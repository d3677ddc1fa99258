/* Hashes of bytes. */
#pragma once

#include <stdint.h>

#include "src/base/str.h"

/* XXH3, 64 bits: the same on every machine. */
uint64_t hash_bytes(struct str bytes, uint64_t seed);
