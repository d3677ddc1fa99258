#!/usr/bin/env bash
# Each allocation is one fact: neither its explanation nor the same text of another allocation makes a second one or
# takes one away.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

expect_module()
{
	expect_escapes example.com/escapes <<-'TABLE'
		all    escapes.go:17:2   Moved         moved-to-heap   yes   returned           x
		all    escapes.go:22:33  Literal       escapes-to-heap yes   returned           new(int)
		-1.24  escapes.go:25:32  Twice         escapes-to-heap yes   unknown-size       make([]int, n)
		1.25-  escapes.go:25:32  Twice         escapes-to-heap yes   stored             make([]int, n)
		all    escapes.go:28:19  Go            escapes-to-heap yes   goroutine          func literal
		all    escapes.go:33:3   DeferLoop     escapes-to-heap yes   *                  func literal
		all    escapes.go:40:29  GoLiteral     escapes-to-heap yes   closure|goroutine  func literal
		all    escapes.go:42:23  GoNothing     escapes-to-heap no    closure|goroutine  func literal
		1.25-  escapes.go:48:53  Append        escapes-to-heap maybe append             append
		1.25-  escapes.go:50:56  AppendTwo     escapes-to-heap maybe append             append
		1.25-  escapes.go:50:63  AppendTwo     escapes-to-heap maybe append             append
		1.25-  escapes.go:54:19  both          escapes-to-heap maybe append             append
		1.25-  escapes.go:55:19  both          escapes-to-heap maybe append             append
		1.25-  escapes.go:58:37  AppendInlined escapes-to-heap maybe append             append
		1.25-  escapes.go:58:37  AppendInlined escapes-to-heap maybe append             append
		all    escapes.go:64:3   twins         moved-to-heap   yes   stored             x
		all    escapes.go:68:3   twins         moved-to-heap   yes   returned           x
		all    escapes.go:74:41  Twins         moved-to-heap   yes   stored             x
		all    escapes.go:74:41  Twins         moved-to-heap   yes   returned           x
		-1.19  escapes.go:77:25  Concat        escapes-to-heap yes   *                  s + "…"
		-1.19  escapes.go:77:38  Concat        escapes-to-heap yes   *                  s + "…"
		1.20-  escapes.go:77:38  Concat        escapes-to-heap yes   *                  s + "…"
		1.20-  escapes.go:77:38  Concat        escapes-to-heap yes   *                  s + "…"
		all    escapes.go:80:0   Wide          escapes-to-heap yes   *                  new(int)
		all    escapes.go:80:0   Wide          escapes-to-heap yes   *                  new(int)
		all    escapes.go:80:0   Wide          escapes-to-heap yes   *                  new(int)
		all    escapes.go:84:11  Signs         escapes-to-heap yes   stored             s + " = "
		all    escapes.go:85:11  Signs         escapes-to-heap yes   stored             s + " ← "
		all    escapes.go:86:11  Signs         escapes-to-heap yes   stored             s + "}: flow: {heap} = x:"
		all    escapes.go:91     mixed         moved-to-heap   yes   stored             x
		all    escapes.go:92     mixed         escapes-to-heap yes   interface          x
		all    escapes.go:96:26  Mixed         moved-to-heap   yes   stored             x
		all    escapes.go:96:26  Mixed         escapes-to-heap yes   interface          x
		-1.24  escapes.go:101    Constant      escapes-to-heap yes   interface          n
		1.25-  escapes.go:101    Constant      escapes-to-heap no    interface          1234567
	TABLE
	# The compiler's own summary lines, as grep counts them: the closures of two wrappers have none.
	local lines=22
	[ "$(minor_of "$go_version")" -lt 25 ] || lines=29
	expect_json "$facts" "r['lines']['summaries'] == $lines"
	expect_json "$facts" "len(r['escapes']) == $lines + 2"
}

for name in $(recordings escapes); do
	read_recording escapes "$name"
	expect_module
done

read_escapes()
{
	read_module escapes
	expect_module
}
read_escapes
