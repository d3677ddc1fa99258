#include "src/base/utf8.h"

#include <stddef.h>

static bool
is_continuation(struct str s, size_t at)
{
	return at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80;
}

/* The length that the first byte promises, and the least code point that needs it (RFC 3629). */
static size_t
sequence_length(unsigned char first, int32_t *least)
{
	if (first >= 0xC2 && first <= 0xDF) {
		*least = 0x80;
		return 2;
	}
	if (first >= 0xE0 && first <= 0xEF) {
		*least = 0x800;
		return 3;
	}
	*least = 0x10000;
	return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

int32_t
utf8_next(struct str *rest)
{
	unsigned char first = (unsigned char)rest->p[0];
	struct str all = *rest;
	int32_t least;

	*rest = str_from(all, 1);
	if (first < 0x80)
		return first;
	size_t n = sequence_length(first, &least);
	if (n == 0)
		return -1;
	int32_t point = first & (0x7F >> n);
	for (size_t i = 1; i < n; i++) {
		if (!is_continuation(all, i))
			return -1;
		point = point << 6 | ((unsigned char)all.p[i] & 0x3F);
	}
	if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
		return -1;
	*rest = str_from(all, n);
	return point;
}

void
utf8_add(struct buf *buf, int32_t point)
{
	char bytes[4];
	size_t n;

	if (point < 0x80) {
		bytes[0] = (char)point;
		n = 1;
	} else if (point < 0x800) {
		bytes[0] = (char)(0xC0 | point >> 6);
		n = 2;
	} else if (point < 0x10000) {
		bytes[0] = (char)(0xE0 | point >> 12);
		n = 3;
	} else {
		bytes[0] = (char)(0xF0 | point >> 18);
		n = 4;
	}
	for (size_t i = 1; i < n; i++)
		bytes[i] = (char)(0x80 | (point >> 6 * (int)(n - 1 - i) & 0x3F));
	buf_add(buf, (struct str){bytes, n});
}

struct range {
	int32_t first, last;
};

static bool
in_ranges(const struct range *ranges, size_t count, int32_t point)
{
	for (size_t i = 0; i < count; i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

bool
utf8_is_unsafe(int32_t point)
{
	static const struct range unsafe[] = {
		{0x00, 0x08},
		{0x0B, 0x1F},
		{0x7F, 0x9F},
		{0xAD, 0xAD},
		{0x61C, 0x61C},
		{0x180E, 0x180E},
		{0x200B, 0x200F},
		{0x2028, 0x202E},
		{0x2060, 0x206F},
		{0xFEFF, 0xFEFF},
		{0xFFF9, 0xFFFB},
		{0xFFFE, 0xFFFF},
		{0xE0000, 0xE0FFF},
	};

	return in_ranges(unsafe, sizeof unsafe / sizeof *unsafe, point);
}

int
utf8_width(int32_t point)
{
	/* Combining marks of the common blocks, and the wide and fullwidth ranges of UAX #11 as
	 * terminals use them. */
	static const struct range zero[] = {
		{0x300, 0x36F},
		{0x483, 0x489},
		{0x591, 0x5BD},
		{0x610, 0x61A},
		{0x64B, 0x65F},
		{0x1AB0, 0x1AFF},
		{0x1DC0, 0x1DFF},
		{0x200B, 0x200F},
		{0x20D0, 0x20FF},
		{0xFE00, 0xFE0F},
		{0xFE20, 0xFE2F},
	};
	static const struct range wide[] = {
		{0x1100, 0x115F},
		{0x2E80, 0x303E},
		{0x3041, 0x33FF},
		{0x3400, 0x4DBF},
		{0x4E00, 0x9FFF},
		{0xA000, 0xA4CF},
		{0xAC00, 0xD7A3},
		{0xF900, 0xFAFF},
		{0xFE30, 0xFE6F},
		{0xFF00, 0xFF60},
		{0xFFE0, 0xFFE6},
		{0x1F300, 0x1F64F},
		{0x1F680, 0x1F6FF},
		{0x1F900, 0x1F9FF},
		{0x20000, 0x3FFFD},
	};

	if (in_ranges(zero, sizeof zero / sizeof *zero, point))
		return 0;
	return in_ranges(wide, sizeof wide / sizeof *wide, point) ? 2 : 1;
}
