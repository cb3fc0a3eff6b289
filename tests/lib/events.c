/*
 * events: is each line of stdin an event of GOCONDA_TRACE_EVENT?
 *
 *	events [NAME[:FIELD]…]
 *
 * An event is one JSON object on one line, with the strings "event" and
 * "time" and the number "pid", whose text holds a '='. Prints the number of
 * events and, for each NAME, the values of FIELD ("at" where none is given)
 * in the events of that name, a value a line. Exits 1 at the first line that
 * is none.
 */
#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void events_show(const json_t *o, const char *name, const char *wanted)
{
	size_t n = strlen(name);
	const char *field = "at";
	const json_t *v;

	if (strncmp(wanted, name, n) != 0)
		return;
	if (wanted[n] == ':')
		field = wanted + n + 1;
	else if (wanted[n])
		return;
	v = json_object_get(o, field);
	if (json_is_string(v))
		printf("%s\n", json_string_value(v));
	else if (json_is_integer(v))
		printf("%lld\n", (long long)json_integer_value(v));
	else if (v)
		printf("%s\n", json_is_true(v) ? "true" : "other");
}

static void events_line(const char *line, long number, int argc, char **argv)
{
	json_error_t why;
	json_t *o = json_loads(line, JSON_REJECT_DUPLICATES, &why);
	const char *name = json_string_value(json_object_get(o, "event"));

	if (!o)
		errx(1, "line %ld: %s: %s", number, why.text, line);
	if (!name || !json_is_string(json_object_get(o, "time")) ||
		!json_is_integer(json_object_get(o, "pid")))
		errx(1, "line %ld lacks event, time or pid: %s", number, line);
	if (!strchr(line, '='))
		errx(1, "line %ld holds no '=': %s", number, line);
	for (int i = 1; i < argc; i++)
		events_show(o, name, argv[i]);
	json_decref(o);
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;
	long number = 0;

	while (getline(&line, &size, stdin) > 0)
		events_line(line, ++number, argc, argv);
	printf("%ld\n", number);
	free(line);
	return 0;
}
