/*
 * A command line, its words ended by NUL or LF. What ssh_argv_parse takes
 * holds no name that a shell could see and points nowhere but into argv (a
 * command of several words into what it made itself).
 */
#include "transport/ssh_argv.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WORDS 64
#define REQUIRE(c)                                                             \
	do {                                                                   \
		if (!(c)) {                                                    \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__,     \
				#c);                                           \
			abort();                                               \
		}                                                              \
	} while (0)

static void inside(struct slice s, int argc, char **argv)
{
	if (!s.ptr)
		return;
	for (int i = 1; i < argc; i++)
		if (s.ptr >= argv[i] &&
			s.ptr + s.len <= argv[i] + strlen(argv[i]))
			return;
	REQUIRE(s.ptr == NULL);
}

static void harmless(struct slice s, const char *refused)
{
	REQUIRE(s.len > 0 && s.ptr[0] != '-');
	REQUIRE(!slice_has_control(s));
	for (size_t i = 0; i < s.len; i++)
		REQUIRE(!strchr(refused, s.ptr[i]));
}

static void check(const struct ssh_argv *a, int argc, char **argv)
{
	bool offline_only = a->offline && !a->host.ptr;

	inside(a->host, argc, argv);
	inside(a->user, argc, argv);
	inside(a->config, argc, argv);
	if (!a->joined.len) {
		inside(a->command, argc, argv);
		inside(a->path, argc, argv);
	}
	REQUIRE(a->options <= SSH_ARGV_OPTIONS_MAX);
	for (size_t i = 0; i < a->options; i++)
		inside(a->option[i].value, argc, argv);
	REQUIRE(a->port >= 0 && a->port <= 65535);
	REQUIRE(a->host.ptr || offline_only);
	REQUIRE(!a->path.ptr || a->command.ptr);
	REQUIRE(!a->print || a->host.ptr);
	if (a->command.ptr) /* nothing was left unread */
		harmless(a->host, "'`\"$\\;&<>|(){}, ");
	if (a->path.ptr) {
		REQUIRE(!memchr(a->path.ptr, '\'', a->path.len));
		REQUIRE(!a->path.len || a->path.ptr[0] != '/');
		REQUIRE(!strncmp(a->command.ptr, "git-", 4));
	}
	if (a->offline)
		return;
	harmless(a->host, "'`\"$\\;&<>|(){}, ");
	if (a->user.ptr)
		harmless(a->user, "'`\";&<>|(){}");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS + 2] = { (char *)"ssh" }, *text = malloc(size + 1);
	struct error err = ERROR_INIT;
	struct ssh_argv a;
	int argc = 1;

	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t i = 0; i < size && argc <= WORDS; i++) {
		argv[argc++] = text + i;
		while (i < size && text[i] && text[i] != '\n')
			i++;
		text[i] = '\0';
	}
	if (ssh_argv_parse(&a, argc, argv, &err) == 0) {
		REQUIRE(err.kind == ERROR_NONE);
		check(&a, argc, argv);
	} else {
		REQUIRE(err.kind == ERROR_USAGE);
	}
	ssh_argv_release(&a);
	free(text);
	return 0;
}
