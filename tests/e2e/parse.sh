#!/usr/bin/env bash
# heapwarden parse: saved output of the compiler, whatever it is.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cd "$work"
cat >log.txt <<'END'
# example.com/p
p/a.go:3:6: can inline F with cost 8 as: func(*T) *int { x := 1; return &x }
p/a.go:4:2: x escapes to heap in F:
p/a.go:4:2:   flow: ~r0 ← &x:
p/a.go:4:2:     from &x (address-of) at p/a.go:5:9
p/a.go:4:2:     from return &x (return) at p/a.go:5:2
p/a.go:3:8: leaking param: p to result ~r0 level=-1
p/a.go:3:8: leaking param content: q
p/a.go:4:2: moved to heap: x
p/a.go:9:7: index bounds check elided
END

# Facts, and every line accounted for by its kind.
heapwarden parse --strict --format json log.txt
expect_status 0
expect_empty "$work/stderr"
expect_json "$work/stdout" 'r["schema"] == "heapwarden.snapshot/1"'
expect_json "$work/stdout" '[(e["function"], e["message"], e["reason"], len(e["flow"])) for e in r["escapes"]] == [("F", "moved to heap: x", "returned", 2)]'
expect_json "$work/stdout" '[(l["kind"], l["parameter"], l["result"], l["level"], l["message"]) for l in r["leaks"]] == [("result", "p", "~r0", -1, "leaking param: p to result ~r0 level=-1"), ("content", "q", None, 0, "leaking param content: q")]'
expect_json "$work/stdout" '[(i["can"], i["function"], i["cost"]) for i in r["inlinings"]] == [(True, "F", 8)]'
expect_json "$work/stdout" 'r["lines"]["total"] == 10 == sum(r["lines"]["kinds"].values())'
expect_json "$work/stdout" 'r["lines"]["not_needed"] == 1 == r["lines"]["kinds"]["bounds-check"]'

# Compressed, by its name or from a pipe: the same.
cp stdout plain.json
python3 - <<'END'
import re
# A frame of one raw block: what any compressor may write.
data = open("log.txt", "rb").read()
open("log.zst", "wb").write(b"\x28\xb5\x2f\xfd\x60" + (len(data) - 256).to_bytes(2, "little") +
                            (1 | len(data) << 3).to_bytes(3, "little") + data)
END
heapwarden parse --strict --format json log.zst
expect_status 0
expect_json "$work/stdout" 'len(r["escapes"]) == 1 and r["lines"]["total"] == 10'
status=0 ran='cat log.zst | heapwarden parse --strict --format json'
"$HEAPWARDEN" parse --strict --format json <log.zst >"$work/stdout" 2>"$work/stderr" || status=$?
expect_status 0
expect_json "$work/stdout" 'len(r["escapes"]) == 1'
head -c 200 log.zst >cut.zst
heapwarden parse cut.zst
expect_error 'cut.zst' 'cut off'
{ head -c 12 log.zst && echo 'not a frame any more'; } >bad.zst
heapwarden parse bad.zst
expect_error 'bad.zst' 'cannot decompress'

# --lines: how each was read.
heapwarden parse --lines log.txt
expect_status 0
expect 'not a line for each line' [ "$(wc -l <"$work/stdout")" -eq 10 ]
expect_contains "$work/stdout" $'leak-result\tp/a.go\t3\t8\tleaking param: p to result ~r0 level=-1'
expect_contains "$work/stdout" $'note\tp/a.go\t4\t2\t    from &x (address-of) at p/a.go:5:9'

# --strict: a line that is not understood is no result, and is named.
printf 'p/a.go:9:9: x has been teleported\n' | cat log.txt - >unknown.txt
heapwarden parse unknown.txt
expect_status 0
expect_contains "$work/stdout" '1 not understood'
heapwarden parse --strict --format json:strict.json unknown.txt
expect_error 'p/a.go:9:9: x has been teleported' 'not understood'
expect_json strict.json 'r["lines"]["not_understood"] == 1'

# --go: what a version never printed is not understood of it.
heapwarden parse --strict --go 1.26.8 log.txt
expect_status 0
heapwarden parse --strict --go go1.24.13 log.txt
expect_status 2
expect_contains "$work/stderr" 'x escapes to heap in F:'
heapwarden parse --go latest log.txt
expect_error '--go' 'latest'

# What no compiler prints: a line of 100 MB, a package of millions of lines, any bytes. Memory has a bound.
bounded() # COMMAND...
{
	(
		# A sanitizer's shadow memory has no place in a bound.
		ldd "$HEAPWARDEN" | grep -q asan || ulimit -v 600000
		"$@"
	)
}
python3 - <<'END'
with open("long.txt", "wb") as f:
    f.write(b"# example.com/p\np/a.go:3:4: moved to heap: x\np/a.go:5:6: ")
    for _ in range(100):
        f.write(b"x" * 1000000)
    f.write(b" escapes to heap\np/a.go:7:8: moved to heap: y\n")
END
run bounded "$HEAPWARDEN" parse --format json long.txt
expect_status 0
expect_json "$work/stdout" '[e["expression"] for e in r["escapes"]] == ["x", "y"] and r["lines"]["not_understood"] == 1'
rm long.txt
python3 -c '
for i in range(1000000):
    print(f"p/a.go:{i % 1000}:5: what is this")' >junk.txt
run bounded "$HEAPWARDEN" parse junk.txt
expect_status 0
expect_contains "$work/stdout" '1000000 not understood'
rm junk.txt
head -c 3000000 "$HEAPWARDEN" >bytes.txt
run bounded "$HEAPWARDEN" parse --format json bytes.txt
expect_status 0

# Many allocations at one place take no more time than at many: a second, where squares would take hours.
python3 -c '
print("# example.com/p")
for i in range(100000):
    print("p/a.go:7: new(int) escapes to heap in F:")
    print("p/a.go:7:     from new(int) (spill) at p/a.go:7")
for i in range(100000):
    print("p/a.go:7: new(int) escapes to heap")' >same.txt
run timeout 60 "$HEAPWARDEN" parse --strict --format json same.txt
expect_status 0
expect_json "$work/stdout" 'len(r["escapes"]) == 100000 and all(len(e["flow"]) == 1 for e in r["escapes"])'
expect_nothing_left
