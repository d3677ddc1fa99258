#include "src/fingerprint.h"

#include <stdio.h>
#include <string.h>

#include "src/base/hash.h"

uint64_t
fingerprint_hash(const char *const *texts, size_t count)
{
	uint64_t hash = count;

	/* Each text is hashed with the result so far as seed, so that where one ends matters. */
	for (size_t i = 0; i < count; i++) {
		const char *text = texts[i] ? texts[i] : "";
		hash = hash_bytes(str_of(text), hash);
	}
	return hash;
}

void
fingerprint_format(char out[11], uint64_t hash)
{
	char digits[17];

	snprintf(digits, sizeof digits, "%016llx", (unsigned long long)hash);
	memcpy(out, digits, 10);
	out[10] = '\0';
}
