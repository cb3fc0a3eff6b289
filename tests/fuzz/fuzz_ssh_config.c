/*
 * The text of an ssh_config. What is read comes to settings that a record
 * carries unchanged, or to a reason or an error; and a line that only OpenSSH
 * carries out is a reason whatever stands around it.
 */
#include "transport/ssh_config.h"
#include "transport/ssh_config_finish.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(c)                                                             \
	do {                                                                   \
		if (!(c)) {                                                    \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__,     \
				#c);                                           \
			abort();                                               \
		}                                                              \
	} while (0)

static char *const variables[] = { (char *)"SSH_AUTH_SOCK=/run/agent",
	(char *)"A=/a", NULL };
static const struct ssh_config_env env = { .home = "/home/me",
	.cwd = "/cwd",
	.etc = "/etc/ssh",
	.tmp = "/nowhere",
	.login = "me",
	.machine = "m.example",
	.environ = variables };
static const struct ssh_config_where where = {
	.name = "config", .user = true, .active = true
};

static void printed(const struct ssh_settings *s, struct buf *out)
{
	buf_init(out, 8 << 20);
	REQUIRE(ssh_settings_print(s, out, NULL) == 0);
}

static void through_a_record(const struct ssh_settings *s)
{
	struct ssh_settings back;
	struct error err = ERROR_INIT;
	struct buf a, b;
	struct record r;

	record_init(&r);
	ssh_settings_init(&back);
	if (ssh_settings_write(s, &r, &err) == 0) {
		REQUIRE(ssh_settings_read(&back, &r, NULL) == 0);
		printed(s, &a);
		printed(&back, &b);
		REQUIRE(!strcmp(a.ptr, b.ptr));
		buf_release(&a);
		buf_release(&b);
	} else {
		REQUIRE(err.kind == ERROR_INPUT);
	}
	ssh_settings_release(&back);
	record_release(&r);
}

static void absolute(const struct ssh_settings_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		REQUIRE(list->item[i][0] == '/' ||
			!strcasecmp(list->item[i], "none"));
}

static void check(const struct ssh_settings *s, const struct buf *why)
{
	REQUIRE(s->port >= 1 && s->port <= 65535);
	REQUIRE(s->hostname && s->user && s->user[0]);
	REQUIRE(s->connecttimeout >= 0);
	if (why->len)
		return;
	absolute(&s->identityfile);
	absolute(&s->userknownhostsfile);
	absolute(&s->globalknownhostsfile);
	REQUIRE(!s->identityagent || s->identityagent[0] == '/');
	for (size_t i = 0; i < s->setenv.count; i++)
		REQUIRE(strchr(s->setenv.item[i], '='));
	if (s->hostname[0])
		through_a_record(s);
}

/* Returns what reading came to; with finish also what was made of it. */
static int read_text(struct slice text, struct buf *why, bool finish)
{
	struct error err = ERROR_INIT;
	struct ssh_settings s;
	struct ssh_config c;
	int rc;

	ssh_settings_init(&s);
	REQUIRE(ssh_settings_replace(&s.host, slice_of("git.Example"), NULL) ==
		0);
	ssh_config_init(&c, &s, why, &env, s.host);
	rc = ssh_config_text(&c, &where, text, &err);
	REQUIRE(rc == 0 || (rc == -1 && err.text[0]));
	REQUIRE((rc == 0) == (err.kind == ERROR_NONE));
	if (rc == 0 && finish && ssh_config_finish(&c, &err) == 0)
		check(&s, why);
	ssh_config_release(&c);
	ssh_settings_release(&s);
	return rc;
}

/* The same text with a line before or behind it that is OpenSSH's. */
static void fails_closed(const uint8_t *data, size_t size, bool before)
{
	static const char line[] = "\nHost *\nLocalForward 1 h:1\n";
	size_t n = strlen(line);
	char *text = malloc(size + n);
	struct buf why;

	memcpy(text + (before ? n : 0), data, size);
	memcpy(text + (before ? 0 : size), line, n);
	buf_init(&why, SSH_CONFIG_REASON_MAX);
	if (read_text((struct slice){ text, size + n }, &why, false) == 0)
		REQUIRE(why.len > 0);
	buf_release(&why);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* exactly as long, so that a sanitizer sees the end */
	char *text = malloc(size ? size : 1);
	struct buf why;

	if (size)
		memcpy(text, data, size);
	buf_init(&why, SSH_CONFIG_REASON_MAX);
	read_text((struct slice){ text, size }, &why, true);
	buf_release(&why);
	free(text);
	if (size) {
		fails_closed(data, size, true);
		fails_closed(data, size, false);
	}
	return 0;
}
