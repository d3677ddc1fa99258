/* How patterns match a function's symbol name: (*List[go.shape.struct { A int "tag" }]).Push. */
#pragma once

/*
 * Brackets and quotes balanced, no colons or blanks outside of them but in "struct {" and
 * "interface {" (methods that a type without a name was promoted). Names of generic instances hold
 * whole struct types, whose tags can read like a diagnostic; without the balance the text could be
 * split inside of one. A pattern that uses SYMBOL begins with DEFINE_INNER, whose group is its
 * first.
 */
#define QUOTED "\"(?:[^\"\\\\]|\\\\.)*+\""
#define BRACKETS "\\[(?&inner)\\]|\\((?&inner)\\)|\\{(?&inner)\\}|" QUOTED
#define DEFINE_INNER "(?(DEFINE)(?<inner>(?:[^][(){}\"]++|" BRACKETS ")*+))"
#define SYMBOL "((?:[^][(){}\" :]++|(?<=struct|interface) (?=\\{)|" BRACKETS ")+)"
