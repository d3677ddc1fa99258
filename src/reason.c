#include "src/reason.h"

static const struct reason_text unknown = {
	.name = "unknown",
	.what = "The value is put on the heap, and the compiler did not say how it gets there.",
	.why = "A function's part of the stack is given up when it returns, so what the "
	       "compiler cannot prove to be unused by then goes to the heap.",
	.hints =
		{
			"Read all that the compiler says of this line: go build -gcflags=-m=2.",
			"Measure what it costs before changing it: go test -bench . -benchmem.",
		},
};

static const struct reason_text returned = {
	.name = "returned",
	.what = "The function returns a reference, such as a pointer or a slice, to memory that "
		"it has made itself.",
	.why = "The function's part of the stack is given up when it returns, and the caller "
	       "needs the value after that.",
	.hints =
		{
			"Return the value itself in place of a pointer to it, if it is small "
			"enough to be copied.",
			"Let the caller pass in what is to be filled, which may then be on the "
			"caller's stack: func Fill(s *Student) in place of func New() *Student.",
			"Keep the function so small that the compiler copies it into its callers "
			"(inlining): a caller that does not pass the pointer on can then have the "
			"value on its stack.",
		},
};

static const struct reason_text stored = {
	.name = "stored",
	.what = "A reference to the value is stored where it may outlive the function: in a "
		"field, a map, a slice or a package variable.",
	.why = "The value must still be there when the reference is followed later, and the "
	       "function's part of the stack is then gone.",
	.hints =
		{
			"Store the value itself in place of a pointer to it: a field Reading in "
			"place of *Reading, a map[string]Session in place of map[string]*Session.",
			"Keep many values in one slice and refer to them by their index: one "
			"allocation in place of one for each.",
			"Reuse values that are no longer needed, with a list of free ones or a "
			"sync.Pool.",
		},
};

static const struct reason_text sent = {
	.name = "sent",
	.what = "A reference to the value is sent on a channel.",
	.why = "The receiver may use the value after this function has returned, and a "
	       "goroutine cannot point into the stack of another one.",
	.hints =
		{
			"Send the value itself in place of a pointer to it, if it is small: a "
			"channel copies what it carries.",
			"Send many values at a time as one slice: one allocation in place of one "
			"for each.",
			"Let the receiver give values back for reuse, over a second channel or a "
			"sync.Pool.",
		},
};

static const struct reason_text interface = {
	.name = "interface",
	.what = "A value is converted to an interface, such as the any that fmt.Println takes.",
	.why = "An interface holds a pointer to a copy of the value, and where the compiler "
	       "cannot rule out that it is kept, the copy is on the heap.",
	.hints =
		{
			"Use functions with concrete types where the code runs often: "
			"strconv.AppendInt in place of fmt.Sprint.",
			"Ask for the log level before a log call, so that its arguments are "
			"converted only when they are written.",
			"Give the function a parameter of the concrete type or a type parameter, "
			"func Keep[T any](v T), where it does not need an interface inside.",
		},
};

static const struct reason_text closure = {
	.name = "closure",
	.what = "A function value (a function literal, or a method such as s.Handle that is not "
		"called at once) may outlive the function that makes it, with the variables "
		"that it uses.",
	.why = "It can be called after this function has returned, so what it carries and the "
	       "variables that it shares cannot be on this function's stack.",
	.hints =
		{
			"Pass what is needed as arguments to an ordinary function in place of "
			"using variables from outside.",
			"Assign a variable that the function value uses only once: it then "
			"carries a copy (of up to 128 bytes) and the variable itself can stay on "
			"the stack.",
			"Make the function value once and use it again, in place of a new one for "
			"each call.",
		},
};

static const struct reason_text goroutine = {
	.name = "goroutine",
	.what = "A goroutine is started, or a call is deferred in a loop, and the call is "
		"packed up with its arguments for later.",
	.why = "A goroutine runs on a stack of its own, and a loop may defer any number of "
	       "calls, so the packed call has no place on this function's stack.",
	.hints =
		{
			"Start some goroutines once and give them their work over a channel, in "
			"place of a goroutine for each piece of work.",
			"Call the function directly where it need not run at the same time.",
			"Move the body of a loop that defers into a function of its own: a defer "
			"outside of loops can stay on the stack.",
		},
};

static const struct reason_text call = {
	.name = "call",
	.what = "A reference to the value is passed to a function that keeps it, or that the "
		"compiler cannot look into.",
	.why = "A reference that is kept may be followed after this function has returned, and "
	       "a call through an interface or a function variable could reach any code, so "
	       "the compiler assumes that it is kept.",
	.hints =
		{
			"Call a function or the method of a concrete type where the code runs "
			"often, so that the compiler can see what happens to the argument.",
			"Let the called function copy the value, if it is the one that keeps it.",
			"Use memory that is on the heap anyway: a buffer in a field of a "
			"long-lived object in place of a local variable.",
		},
};

static const struct reason_text too_large = {
	.name = "too large",
	.what = "The value is larger than the compiler allows on the stack.",
	.why = "Stacks start small and are copied as they grow, so Go limits what may be on "
	       "them: 64 KiB for make, new and literals, 128 KiB for declared variables (10 "
	       "MiB up to Go 1.23).",
	.hints =
		{
			"Use a smaller value, or work through the data in pieces.",
			"Allocate once and use it again: a field of a long-lived object, a "
			"parameter, or a sync.Pool.",
			"Declare an array and slice it, in place of make, if the size is between "
			"64 and 128 KiB: var a [10000]int; s := a[:].",
		},
};

static const struct reason_text unknown_size = {
	.name = "unknown size",
	.what = "The size of the slice is known only when the program runs.",
	.why = "The stack is laid out when the program is compiled, and up to Go 1.24 a slice "
	       "of unknown size always goes to the heap (from Go 1.25, one of up to 32 bytes "
	       "can be on the stack).",
	.hints =
		{
			"Use a constant size where there is a limit: var a [64]int; s := a[:0]; "
			"and make only what is longer.",
			"Let the caller pass in a slice that it uses again: func Smooth(dst, "
			"samples []int) []int.",
			"Keep the slice in a long-lived object and make a new one only when the "
			"old one is too short.",
		},
};

static const struct reason_text append = {
	.name = "append",
	.what = "append puts its result on the heap when the slice has no room left.",
	.why = "append then copies the elements to a larger array, and as the slice may outlive "
	       "this function, that array cannot be on its stack.",
	.hints =
		{
			"Make the slice with the room that it will need, make([]T, 0, n): one "
			"allocation in place of several.",
			"Use a slice again whose contents are no longer needed: s = append(s[:0], "
			"x).",
			"Start with an array on the stack where the slice need not outlive the "
			"function: var a [64]T; s := a[:0].",
		},
};

static const struct reason_text not_inlined = {
	.name = "not inlined",
	.what = "The function is not copied into its callers (inlined) any more, so what it "
		"allocates is on the heap at each call, where it had been on the caller's stack.",
	.why = "The compiler inlines a function only while it costs little (80 nodes of its "
	       "syntax tree). Only a copy can use the caller's stack: a function that is called "
	       "gives up its own when it returns.",
	.hints =
		{
			"Move what is seldom done, such as making an error or a log line, into a "
			"function of its own, and keep the rest small.",
			"Split it into a small function that makes the value and a large one that "
			"fills it: func New() *T { t := new(T); t.init(); return t }.",
			"Look at what it costs with go build -gcflags=-m=2, in the line \"cannot "
			"inline\".",
		},
};

static const struct reason_text big_caller = {
	.name = "big caller",
	.what = "The function is not copied into this caller (inlined) any more, so what it "
		"allocates is on the heap at each of these calls, where it had been on the "
		"caller's stack.",
	.why = "Into a function that is big (more than 5,000 nodes of its syntax tree) the "
	       "compiler "
	       "inlines only what costs up to 20, so that it does not get bigger still. Only a "
	       "copy "
	       "can use the caller's stack.",
	.hints =
		{
			"Move a part of the caller into functions of its own, so that it is no "
			"longer big.",
			"Move these calls, with the loop that they are in, into a function of "
			"their "
			"own.",
		},
};

static const struct reason_text *const texts[REASON_COUNT] = {
	[REASON_UNKNOWN] = &unknown,
	[REASON_RETURNED] = &returned,
	[REASON_STORED] = &stored,
	[REASON_SENT] = &sent,
	[REASON_INTERFACE] = &interface,
	[REASON_CLOSURE] = &closure,
	[REASON_GOROUTINE] = &goroutine,
	[REASON_CALL] = &call,
	[REASON_TOO_LARGE] = &too_large,
	[REASON_UNKNOWN_SIZE] = &unknown_size,
	[REASON_APPEND] = &append,
	[REASON_NOT_INLINED] = &not_inlined,
	[REASON_BIG_CALLER] = &big_caller,
};

const struct reason_text *
reason_text(enum reason reason)
{
	return texts[(unsigned)reason < REASON_COUNT ? reason : REASON_UNKNOWN];
}
