#include "parsers/unit.h"

#include <stdlib.h>

#include "parsers/classify.h"
#include "parsers/function.h"
#include "parsers/resolve.h"

/* A file name as printed and what it was resolved to, so that the work is done once per name. */
struct file_name {
	const char *resolved;
	enum origin origin;
	bool foreign;
};

void
unit_init(struct unit *unit, const struct parser_options *options, struct snapshot *snapshot)
{
	*unit = (struct unit){
		.options = *options,
		.snapshot = snapshot,
		.strings.arena = &snapshot->arena,
		.functions.arena = &snapshot->arena,
		.foreign_functions.arena = &snapshot->arena,
		.names.arena = &unit->scratch,
		.selectors.arena = &unit->scratch,
		.method_values.arena = &unit->scratch,
		.static_variables.arena = &unit->scratch,
	};
	unit_begin(unit, STR(""), STR(""));
}

void
unit_begin(struct unit *unit, struct str package, struct str program)
{
	arena_release(&unit->scratch);
	intern_clear(&unit->names);
	intern_clear(&unit->selectors);
	intern_clear(&unit->method_values);
	intern_clear(&unit->static_variables);
	unit->explanation_count = unit->step_count = unit->summary_count = unit->static_count = 0;
	unit->declaration_count = unit->call_count = 0;
	unit->flow_to = "";
	unit->package = intern(&unit->strings, package);
	unit->variant = str_ends(program, STR(".test")) ? intern(&unit->strings, program) : NULL;
}

void
unit_release(struct unit *unit)
{
	intern_release(&unit->strings);
	intern_release(&unit->functions);
	intern_release(&unit->foreign_functions);
	intern_release(&unit->names);
	intern_release(&unit->selectors);
	intern_release(&unit->method_values);
	intern_release(&unit->static_variables);
	arena_release(&unit->scratch);
	free(unit->explanations);
	free(unit->steps);
	free(unit->summaries);
	free(unit->statics);
	free(unit->declarations);
	free(unit->calls);
	*unit = (struct unit){0};
}

bool
unit_is_full(const struct unit *unit)
{
	return unit->explanation_count + unit->step_count + unit->summary_count +
		       unit->static_count + unit->declaration_count + unit->call_count >=
	       UNIT_LIMIT;
}

static const struct file_name *
name_of(struct unit *unit, struct str printed)
{
	const void **known = intern_value(&unit->names, printed);

	if (*known)
		return *known;
	struct file_name *name = arena_alloc(&unit->scratch, sizeof *name);
	*known = name;
	if (unit->options.resolve)
		name->resolved = unit->options.resolve(printed, unit->package, &name->origin,
			&unit->snapshot->arena, unit->options.ctx);
	else
		name->resolved = resolve_plainly(printed, &name->origin, &unit->snapshot->arena);
	name->resolved = intern(&unit->strings, str_of(name->resolved));
	name->foreign = resolve_is_foreign(printed, unit->package);
	return name;
}

struct place
unit_place(struct unit *unit, const struct located *located)
{
	const struct file_name *name = name_of(unit, located->file);

	return (struct place){
		.at = {name->resolved, located->line, located->column},
		.origin = name->origin,
		.foreign = name->foreign,
		.generated_from = located->said.n ? intern(&unit->strings, located->said) : NULL,
	};
}

const char *
unit_function(struct unit *unit, struct str symbol, const struct place *place)
{
	const void **known =
		intern_value(place->foreign ? &unit->foreign_functions : &unit->functions, symbol);

	if (!*known)
		*known = place->foreign ? function_foreign(symbol, &unit->snapshot->arena)
					: function_normalise(symbol, &unit->snapshot->arena);
	return *known;
}

/* From Go 1.25 on, most summaries of append are cut down to that word. */
static const char *
key_of(struct unit *unit, const char *subject)
{
	bool append = strncmp(subject, "append(", 7) == 0;

	return append ? intern(&unit->strings, STR("append")) : subject;
}

static void
explain(struct unit *unit, const struct message *message, const struct place *place)
{
	bool leak = message->kind == MESSAGE_LEAK_HEADER;
	struct explanation *explanation =
		GROW(unit->explanations, unit->explanation_count, unit->explanation_capacity);
	struct str function = message_field(message, FIELD_FUNCTION);

	*explanation = (struct explanation){
		.place = *place,
		.leak = leak,
		.key = "",
		.subject = "",
		.first_step = unit->step_count,
		.order = unit->explanation_count,
	};
	unit->flow_to = "";
	/* Without summaries of leaks, what explains them says nothing. */
	if (leak && unit->options.escapes_only)
		return;
	explanation->subject = intern(&unit->strings, message_field(message, FIELD_EXPRESSION));
	explanation->key = key_of(unit, explanation->subject);
	explanation->symbol = function.n ? intern(&unit->strings, function) : NULL;
}

static void
summarise(struct unit *unit, const struct message *message, struct str text,
	const struct place *place)
{
	struct summary *summary =
		GROW(unit->summaries, unit->summary_count, unit->summary_capacity);
	struct str result = message_field(message, FIELD_TO),
		   level = message_field(message, FIELD_LEVEL);
	const char *subject = intern(&unit->strings, message_field(message, FIELD_EXPRESSION));

	*summary = (struct summary){
		.kind = message->kind,
		.place = *place,
		.key = key_of(unit, subject),
		.subject = subject,
		.message = intern(&unit->strings, text),
		.result = result.n ? intern(&unit->strings, result) : NULL,
		.level = str_starts(level, STR("-")) ? -1
			 : level.n                   ? str_int(level)
						     : 0,
	};
}

static void
declare(struct unit *unit, const struct message *message, const struct place *place)
{
	struct str name = message_field(message, FIELD_FUNCTION);
	const char *function = unit_function(unit, name, place);
	const char *method = strchr(function, '.');

	if (method)
		*intern_value(&unit->selectors, str_of(method)) = method;
	if (function_is_declaration(name))
		*GROW(unit->declarations, unit->declaration_count, unit->declaration_capacity) =
			(struct unit_declaration){place->at, function};
}

static void
add_inlining(struct unit *unit, const struct message *message, const struct place *place)
{
	struct snapshot *snapshot = unit->snapshot;
	bool can = message->kind == MESSAGE_CAN_INLINE;
	int cost = str_int(message_field(message, FIELD_COST)),
	    budget = str_int(message_field(message, FIELD_BUDGET));

	declare(unit, message, place);
	if (unit->options.escapes_only)
		return;
	*GROW(snapshot->inlinings, snapshot->inlining_count,
		snapshot->inlining_capacity) = (struct inlining){
		.can = can,
		.cost = cost > 0 ? cost : 0,
		.budget = budget > 0 ? budget : 0,
		.at = place->at,
		.package = unit->package,
		.name = intern(&unit->strings, message_field(message, FIELD_FUNCTION)),
		.function = unit_function(unit, message_field(message, FIELD_FUNCTION), place),
		.declaration = function_is_declaration(message_field(message, FIELD_FUNCTION)),
		.why_not = can ? NULL : intern(&unit->strings, message_field(message, FIELD_WHY)),
	};
}

/* Whether it can be inlined has been said before. */
static void
mark_big(struct unit *unit, const struct message *message, const struct place *place)
{
	struct snapshot *snapshot = unit->snapshot;
	struct str name = message_field(message, FIELD_FUNCTION);

	for (size_t i = snapshot->inlining_count; i-- > 0;) {
		struct inlining *inlining = &snapshot->inlinings[i];
		if (strcmp(inlining->package, unit->package) != 0)
			return;
		if (str_eq(name, str_of(inlining->name)) &&
			position_compare(&inlining->at, &place->at) == 0)
			inlining->big = true;
	}
}

static void
add_call(struct unit *unit, const struct message *message, const struct place *place)
{
	*GROW(unit->calls, unit->call_count, unit->call_capacity) = (struct inlined_call){
		.at = place->at,
		.package = unit->package,
		.callee = intern(&unit->strings, message_field(message, FIELD_FUNCTION)),
		.function = unit_function(unit, message_field(message, FIELD_FUNCTION), place),
	};
}

/* Whether it is a slice whose size the compiler does not know: then it is made on the stack only if
 * it turns out to be small (Go 1.25: 32 bytes). A known size is printed as a number. */
static bool
is_variable_make(const struct unit *unit, struct str expression)
{
	bool map = str_starts(expression, STR("make(map["));

	return unit->minor >= 25 && !map && str_starts(expression, STR("make(")) &&
	       !classify_has_known_size(expression);
}

/* The bare name of a parameter, as opposed to any other expression that does not escape. */
static bool
is_parameter_name(struct str text)
{
	static const char others[] = " ()[]{}&*\"'`.+-/<>=!,;:|^%";

	if (classify_is_constant(text))
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (memchr(others, text.p[i], sizeof others - 1))
			return false;
	return text.n > 0;
}

static void
take_no_escape(struct unit *unit, const struct message *message, struct str text,
	const struct place *place)
{
	struct str expression = message_field(message, FIELD_EXPRESSION);

	if (is_variable_make(unit, expression) ||
		(!unit->options.escapes_only && is_parameter_name(expression)))
		summarise(unit, message, text, place);
}

void
unit_message(struct unit *unit, const struct message *message, struct str text,
	const struct place *place)
{
	switch ((unsigned)message->kind) {
	case MESSAGE_LEAK_HEADER:
	case MESSAGE_ESCAPE_HEADER:
		explain(unit, message, place);
		break;
	case MESSAGE_ESCAPES:
	case MESSAGE_MOVED:
		unit->snapshot->lines.summaries++;
		summarise(unit, message, text, place);
		break;
	case MESSAGE_NO_ESCAPE:
		take_no_escape(unit, message, text, place);
		break;
	case MESSAGE_LEAK:
	case MESSAGE_LEAK_CONTENT:
	case MESSAGE_LEAK_RESULT:
		if (!unit->options.escapes_only)
			summarise(unit, message, text, place);
		break;
	case MESSAGE_CAN_INLINE:
	case MESSAGE_CANNOT_INLINE:
		add_inlining(unit, message, place);
		break;
	case MESSAGE_BIG_FUNCTION:
		mark_big(unit, message, place);
		break;
	case MESSAGE_INLINED_CALL:
		add_call(unit, message, place);
		break;
	case MESSAGE_STATIC_CLOSURE:
	case MESSAGE_STATIC_VALUE:
		*GROW(unit->statics, unit->static_count, unit->static_capacity) =
			(struct static_value){place->at,
				intern(&unit->strings, message_field(message, FIELD_EXPRESSION))};
		break;
	default:
		break;
	}
}

/* A method value is stored in {storage for t.M} by way of {temp}; a field that is put into an
 * interface is not. */
static void
take_flow(struct unit *unit, struct explanation *explanation, const struct message *message,
	bool needed)
{
	static const struct str storage = {"{storage for ", 13};
	struct str to = message_field(message, FIELD_TO);

	struct str from = message_field(message, FIELD_FROM);
	if (str_starts(from, STR("&")) && str_eq(str_from(from, 1), str_of(explanation->subject)))
		explanation->moved = true;
	if (needed)
		unit->flow_to = intern(&unit->strings, to);
	if (str_starts(to, storage) && str_eq(message_field(message, FIELD_FROM), STR("{temp}"))) {
		struct str expression = {to.p + storage.n, to.n - storage.n - 1};
		*intern_value(&unit->method_values, expression) = "";
	}
}

static void
take_note(struct unit *unit, struct explanation *explanation, const struct message *message)
{
	struct located located;
	struct flow_step *step = GROW(unit->steps, unit->step_count, unit->step_capacity);
	const struct odd_names odd = {unit->options.odd_names, unit->options.odd_name_count};

	*step = (struct flow_step){
		.to = unit->flow_to,
		.from = intern(&unit->strings, message_field(message, FIELD_FROM)),
		.via = intern(&unit->strings, message_field(message, FIELD_WHY)),
	};
	explanation->step_count++;
	if (located_parse(&located, message_field(message, FIELD_POSITION), &odd))
		step->at = unit_place(unit, &located).at;
}

bool
unit_detail(struct unit *unit, const struct message *message, const struct position *at)
{
	if (unit->explanation_count == 0)
		return false;
	struct explanation *last = &unit->explanations[unit->explanation_count - 1];
	if (position_compare(&last->place.at, at) != 0)
		return false;
	bool needed = !last->leak || !unit->options.escapes_only;
	if (message->kind == MESSAGE_FLOW)
		take_flow(unit, last, message, needed);
	else if (message->kind == MESSAGE_NOTE && needed)
		take_note(unit, last, message);
	return true;
}
