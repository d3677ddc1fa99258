#!/usr/bin/env bash
# A position whose name has line ends is one position, also when its lines look like a header and like diagnostics.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

read_newlines()
{
	read_module newlines
	expect_escapes example.com/newlines <<-'TABLE'
		all plain/plain.go:5:27   Newline  moved-to-heap   yes returned p
		all plain/plain.go:7:31   After    escapes-to-heap yes returned new(int)
		all forged/forged.go:7:26 Newlines moved-to-heap   yes returned p
		all forged/forged.go:10:31  After    escapes-to-heap yes returned new(int)
	TABLE
	# From Go 1.27 on relative names are those of files of the package.
	expect_json "$facts" "{(e['function'], re.sub('^example.com/newlines/[a-z]*/', '', e['generated_from'] or '-')) for e in r['escapes']} == {
		('Newline', 'new\\nline.y:11:27'), ('After', 'new\\nline.y:13:31'), ('After', 'forged.go:10'),
		('Newlines', 'new\\n# example.com/fake\\nfake.go:5:6: moved to heap: z\\nline.y:13')}"
	expect_json "$facts" "{e['package'] for k in ('escapes', 'leaks', 'inlinings') for e in r[k]} ==
		{'example.com/newlines/plain', 'example.com/newlines/forged'}"
}
with_each_go read_newlines
