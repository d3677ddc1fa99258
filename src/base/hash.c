#include "src/base/hash.h"

#include <stdio.h>
#include <xxhash.h>

uint64_t
hash_bytes(struct str bytes, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes.p, bytes.n, seed);
}

struct content_id
hash_content(struct str bytes)
{
	XXH128_hash_t hash = XXH3_128bits(bytes.p, bytes.n);
	struct content_id id;

	snprintf(id.hex, sizeof id.hex, "%016llx%016llx", (unsigned long long)hash.high64,
		(unsigned long long)hash.low64);
	return id;
}
